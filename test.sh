#!/bin/sh
# Installs what is missing, and runs every test and lint. Stops at the first that fails.
set -eu
cd "$(dirname "$0")"

run() {
    echo
    echo "== $*"
    "$@"
}

php_syntax() {
    find crates -name '*.php' -not -path '*/node_modules/*' -not -path '*/templates/*' | sort |
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
run cargo test --workspace --locked

echo
echo "Everything passes."
