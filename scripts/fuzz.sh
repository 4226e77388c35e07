#!/bin/sh
# Fuzzes everything that reads what others write, and installs what is missing.
#
#   scripts/fuzz.sh [SECONDS]    so many for each target; 60 unless said otherwise
#
# The stable toolchain will do: there is no unsafe code here, so no sanitizer is asked for (`-s none`), and
# counting coverage needs no nightly. What a target holds stands in fuzz/checks/, and plain tests replay
# fuzz/corpus/. New finds stay in fuzz/target/found/. To keep those that reach new code, and no others:
#
#   cargo fuzz run -s none TARGET fuzz/corpus/TARGET fuzz/target/found/TARGET -- -merge=1 -max_len=1500
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}

if ! command -v cargo-fuzz >/dev/null 2>&1; then
    cargo install cargo-fuzz --version 0.13.2 --locked
fi
if ! command -v c++ >/dev/null 2>&1; then
    echo "A C++ compiler is missing (libFuzzer is written in it). On Debian and Ubuntu: apt-get install g++" >&2
    exit 1
fi

cargo fuzz build -s none

# The journal that `request` writes is worth no disk.
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT

for target in $(cargo fuzz list); do
    found=fuzz/target/found/$target
    log=fuzz/target/$target.log
    mkdir -p "$found"
    # A machine with much else to do is slow; an expression without an end is slower.
    if ! TMPDIR="$work" cargo fuzz run -s none "$target" "$found" "fuzz/corpus/$target" -- \
        -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 -print_final_stats=1 >"$log" 2>&1; then
        tail -n 40 "$log"
        echo "$target failed; $log says it all, and fuzz/artifacts/$target/ holds the input" >&2
        exit 1
    fi
    coverage=$(grep -a 'DONE' "$log" | sed 's/.*\(cov: [0-9]* ft: [0-9]*\).*/\1/')
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    echo "$target: $executions executions, $rate a second, $coverage"
done
