#!/bin/sh
# Installs what is missing, and runs every test and lint. Stops at the first that fails.
#
#   ./test.sh           what every change has to pass
#   ./test.sh --long    more of the same besides: a minute of fuzzing for each target, and 200 random
#                       sequences of calls of one provider beside another one's
set -eu
cd "$(dirname "$0")"

long=""
case "${1:-}" in
    "") ;;
    --long) long=yes ;;
    *)
        echo "usage: ./test.sh [--long]" >&2
        exit 2
        ;;
esac

run() {
    echo
    echo "== $*"
    "$@"
}

php_syntax() {
    find crates testdata -name '*.php' -not -path '*/node_modules/*' -not -path '*/templates/*' | sort |
        while read -r file; do
            php -l "$file" >/dev/null || { php -l "$file"; return 1; }
        done
}

scripts/install.sh tests
if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
    run rustup component add rustfmt clippy
fi

run cargo fmt --all --check
run cargo clippy --workspace --all-targets --locked -- -D warnings
run cargo xtask tidy

# cargo-deny takes three minutes to install; without it, our own check reads the same deny.toml
# (licences, sources, duplicates; only cargo-deny knows the advisories).
run cargo xtask dependencies
if command -v cargo-deny >/dev/null 2>&1; then
    run cargo deny --locked check
fi

run php_syntax
run php crates/causeway-testbed/php/tests/run.php
run npm ci --silent --no-audit --no-fund --prefix crates/causeway-module/tests/php74
run npm ci --silent --no-audit --no-fund --prefix crates/causeway/tests/sandbox/browser
run cargo test --workspace --locked

if [ -n "$long" ]; then
    echo
    echo "== --long adds: 200 sequences of two providers' calls, and fuzzing, which takes its time to build"
    run env CAUSEWAY_CASES=200 cargo test --locked --package causeway-gateway --test it tenants -- --nocapture
    run scripts/fuzz.sh 60
fi

echo
echo "Everything passes."
