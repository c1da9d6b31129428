# Sourced by ./contree, ./test and ./bench: finds or installs what they need, and builds when sources changed.
# Expects $root, the directory of the checkout. Talks on stderr, so that stdout belongs to the command.

# What a build and a run need, and what only tests need. Debian package names.
build_packages=(maven gcc make musl-tools)
run_packages=(crun busybox-static iproute2 nftables)
test_packages=(docker-registry skopeo mmdebstrap runsc zstd python3-venv)

say() { printf '%s\n' "$*" >&2; }

die() {
    say "contree: $*"
    exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Installs the missing ones of the named Debian packages when this is root on Debian. What is not offered is left
# out with a line: whoever needs it says so when it comes to that.
install_missing() {
    local package missing=() offered=()
    command -v dpkg-query >/dev/null || return 0
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! is_root; then
        say "contree: not installed: ${missing[*]} (as root: apt-get install ${missing[*]})"
        return 0
    fi
    say "contree: installing ${missing[*]}"
    apt-get update -qq >&2 || say "contree: apt-get update failed; trying with the package lists that are there"
    for package in "${missing[@]}"; do
        if apt-cache policy "$package" | grep -q 'Candidate: [^(]'; then
            offered+=("$package")
        else
            say "contree: $package is not offered by this machine's package sources; going on without it"
        fi
    done
    [ ${#offered[@]} -gt 0 ] || return 0
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${offered[@]}" >&2 \
        || say "contree: installing ${offered[*]} failed; going on with what is there"
}

# The major version of the JDK in a directory, or nothing if there is no JDK in it.
jdk_major() { [ -x "$1/bin/javac" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null; }

# Sets and exports JAVA_HOME to a JDK 25: the one it names already, or the first one installed.
find_jdk() {
    local candidate on_path
    on_path=$(readlink -f "$(command -v javac || true)") || true
    for candidate in "${JAVA_HOME:-}" "${on_path%/bin/javac}" /usr/lib/jvm/* /opt/*jdk*; do
        if [ -n "$candidate" ] && [ "$(jdk_major "$candidate")" = 25 ]; then
            export JAVA_HOME=$candidate
            return 0
        fi
    done
    return 1
}

prepare_jdk() {
    local package
    find_jdk && return 0
    if is_root && command -v apt-get >/dev/null; then
        apt-get update -qq >&2 || true
        for package in openjdk-25-jdk-headless temurin-25-jdk; do
            if apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [^(]'; then
                install_missing "$package"
                find_jdk && return 0
            fi
        done
    fi
    die "looked for a JDK 25 in JAVA_HOME, on the PATH and in /usr/lib/jvm, and found none.
Install one (https://adoptium.net, or your distribution's openjdk-25-jdk-headless) or point JAVA_HOME at one."
}

prepare_build() {
    prepare_jdk
    command -v mvn >/dev/null && command -v musl-gcc >/dev/null && command -v make >/dev/null \
        || install_missing "${build_packages[@]}"
    command -v mvn >/dev/null || die "needs Maven (mvn) to build, and it is not on the PATH. Install the package maven."
}

prepare_run() {
    command -v crun >/dev/null && command -v busybox >/dev/null && command -v ip >/dev/null && command -v nft >/dev/null \
        || install_missing "${run_packages[@]}"
}

# Where a finished build lies: its jars, and a cache for a quick start of the JVM.
dist() { readlink -f "$root/target/dist/current" 2>/dev/null || true; }

# True if a source is newer than the last build. A directory's time tells that something in it came or went; so the
# modules' own directories, in which builds make theirs, are not looked at.
is_stale() {
    [ -e "$root/target/dist/current/built" ] || return 0
    [ -n "$(find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src "$root/init/Makefile" "$root/api/openapi.yaml" \
        -path '*/src/test' -prune -o -newer "$root/target/dist/current/built" -print -quit)" ]
}

# Builds the command into a directory of its own and switches to it, so that running servers keep their jars.
build() {
    local log=$root/target/build.log next
    mkdir -p "$root/target/dist"
    exec 8>"$root/target/build.lock"
    flock 8
    is_stale || { exec 8>&-; return 0; }
    next=$root/target/dist/$(date +%s%N)
    mkdir -p "$next"
    touch "$next/built" # before the build: a source that changes meanwhile is newer
    say "contree: building (the first time takes a few minutes; log: target/build.log)"
    if ! (cd "$root" && mvn -q -B -DskipTests -pl cli -am package "-Dcontree.lib=$next/lib" >"$log" 2>&1); then
        tail -n 40 "$log" >&2
        rm -rf "$next"
        die "building failed; the end of target/build.log is above"
    fi
    cp "$root"/cli/target/contree-cli-*.jar "$next/lib/"
    make_cache "$next"
    # What a build writes would otherwise be written out by the first commit of a server, which has to wait for the disk.
    sync -f "$next" 2>/dev/null || true
    ln -sfn "$next" "$root/target/dist/.current" && mv -fT "$root/target/dist/.current" "$root/target/dist/current"
    # The build before this one may still be running somewhere; older ones go.
    find "$root/target/dist" -mindepth 1 -maxdepth 1 -type d | sort | head -n -2 | xargs -r rm -rf
    exec 8>&-
}

# JVM options that every command has, on every build.
jvm_options=(--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC)

main_class=io.contree.cli.Main

# Records what a start loads, so that the next start maps it instead of loading it: half the time. The demo loads most,
# where it can run. Optional: without the record everything works and starts later.
make_cache() {
    local next=$1 rehearsal=(warm-up)
    if [ ${#private_mounts[@]} -gt 0 ] && command -v crun >/dev/null; then
        rehearsal=(demo)
    fi
    timeout 120 "${private_mounts[@]}" "$JAVA_HOME/bin/java" "${jvm_options[@]}" \
        -XX:AOTCacheOutput="$next/contree.aot" -cp "$next/lib/*" "$main_class" "${rehearsal[@]}" \
        >"$next/cache.log" 2>&1 </dev/null || true
}

# Sets $java to the command line that runs contree from the current build.
java_command() {
    local where
    where=$(dist)
    java=("$JAVA_HOME/bin/java" "${jvm_options[@]}")
    [ ! -f "$where/contree.aot" ] || java+=("-XX:AOTCache=$where/contree.aot" -Xlog:disable -Xlog:all=off)
    java+=("$@" -cp "$where/lib/*" "$main_class")
}

# Prefix for commands that mount: a private mount namespace, which takes every mount with it when it ends.
private_mounts=()
if is_root && unshare --mount --propagation private true 2>/dev/null; then
    private_mounts=(unshare --mount --propagation private --)
fi
