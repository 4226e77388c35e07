#!/bin/sh
# Installs what is missing, builds Causeway and runs its demo: one customer's purchase, from the
# order to the cancellation. `./demo.sh --keep` leaves everything up until Ctrl-C.
set -eu
cd "$(dirname "$0")"

scripts/install.sh
echo "Building Causeway (a few minutes the first time) ..."
cargo build --locked --quiet
exec cargo run --locked --quiet -- demo "$@"
