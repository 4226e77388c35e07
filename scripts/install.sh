#!/bin/sh
# Installs what Causeway's demo and tests need and this machine lacks.
#
#   scripts/install.sh          for the demo: a C compiler (SQLite and TLS are built from C), PHP
#   scripts/install.sh tests    for the tests, too: Node (it parses the module as PHP 7.4), PostgreSQL, MariaDB,
#                               Chromium
#
# On Debian and Ubuntu it installs the packages when it may; anywhere else it says what is missing.
set -eu

packages=""
lacks() { ! command -v "$1" >/dev/null 2>&1; }
needs() { packages="$packages $*"; }
is_installed() { dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

if lacks cargo; then
    echo "Rust is missing. Install it from https://rustup.rs, open a new shell, and run this again." >&2
    exit 1
fi

if lacks cc; then
    needs build-essential
fi

# The gateway trusts the system's root certificates, and refuses to start where there are none.
if [ -e /etc/debian_version ] && [ ! -e /etc/ssl/certs/ca-certificates.crt ]; then
    needs ca-certificates
fi

# Whoever has PHP with all this from elsewhere needs no packages.
php_is_complete() {
    for fpm in $(echo "$PATH:/usr/sbin:/usr/local/sbin" | tr ':' ' '); do
        ls "$fpm"/php-fpm* >/dev/null 2>&1 && break
        fpm=""
    done
    # shellcheck disable=SC2016
    test -n "$fpm" && php -r '
        foreach (["curl", "dom", "mbstring", "openssl", "pdo_sqlite"] as $extension) {
            extension_loaded($extension) || exit(1);
        }
        foreach (["Illuminate/Database", "GuzzleHttp", "Carbon", "smarty4"] as $library) {
            stream_resolve_include_path($library) || exit(1);
        }' 2>/dev/null
}

if ! php_is_complete; then
    for package in php-fpm php-cli php-curl php-sqlite3 php-mbstring php-xml \
        php-illuminate-database php-guzzlehttp-guzzle php-nesbot-carbon smarty4; do
        is_installed "$package" || needs "$package"
    done
fi

if [ "${1:-}" = tests ]; then
    if lacks node; then needs nodejs; fi
    if lacks npm; then needs npm; fi
    # The module's page is tried on both Smarty 3 and 4, whichever WHMCS a provider runs.
    if [ ! -d /usr/share/php/smarty3 ]; then needs smarty3; fi
    # The sandbox is walked through in it.
    if [ -z "${CAUSEWAY_CHROMIUM:-}" ] && lacks chromium && lacks chromium-browser && lacks google-chrome; then
        needs chromium
    fi
    # The tests start a server of their own, and need its programs only.
    if lacks mariadbd && [ ! -x /usr/sbin/mariadbd ]; then needs mariadb-server-core; fi
    if lacks mariadb-dump; then needs mariadb-client; fi
    if ! php -r 'extension_loaded("pdo_mysql") || exit(1);' 2>/dev/null; then needs php-mysql; fi
    if lacks postgres && ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then needs postgresql; fi
fi

if [ -z "$packages" ]; then
    exit 0
fi

may_install=""
if ! lacks apt-get; then
    if [ "$(id -u)" = 0 ]; then
        may_install="env"
    elif ! lacks sudo && sudo -n true 2>/dev/null; then
        may_install="sudo -n env"
    fi
fi

if [ -z "$may_install" ]; then
    echo "These packages (by their names on Debian and Ubuntu) are missing:$packages" >&2
    echo "Install them, and run this again:" >&2
    echo "  sudo apt-get install --no-install-recommends$packages" >&2
    exit 1
fi

# Debian would make a database cluster and start a server, which nobody here asks for.
no_cluster=/etc/postgresql-common/createcluster.d/causeway.conf
case "$packages" in
*postgresql*)
    $may_install mkdir -p "${no_cluster%/*}"
    echo "create_main_cluster = false" | $may_install tee "$no_cluster" >/dev/null
    trap '$may_install rm -f "$no_cluster"' EXIT
    ;;
esac

echo "Installing:$packages"
# Words are meant to be split here.
# shellcheck disable=SC2086
{
    $may_install apt-get update --quiet --quiet
    $may_install DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --quiet --quiet --no-install-recommends $packages
}
