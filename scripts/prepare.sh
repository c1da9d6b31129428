# Sourced by ./contree, ./test and ./bench: finds or installs what they need, and builds when sources changed.
# Expects $root, the directory of the checkout. Talks on stderr, so that stdout belongs to the command.

# What a build and a run need, each program with the Debian package that has it.
build_programs=(mvn:maven make:make gcc:gcc as:binutils musl-gcc:musl-tools)
run_programs=(crun:crun busybox:busybox-static ip:iproute2 nft:nftables)
# What only tests need: tools that make what they look at, and other programs to compare with.
test_packages=(acl attr btrfs-progs bzip2 docker-registry dosfstools e2fsprogs git libc6-dev libcap2-bin mmdebstrap mount
    openjdk-17-jdk-headless procps python3 python3-venv ripgrep runsc skopeo xfsprogs xz-utils zstd)

# System programs are there even for a user whose PATH leaves them out.
PATH=$PATH:/usr/sbin:/sbin

# Java loses every character of an argument or a path that the locale cannot write.
[ "$(locale charmap 2>/dev/null)" = UTF-8 ] || export LC_ALL=C.UTF-8

say() { printf '%s\n' "$*" >&2; }

die() {
    say "contree: $*"
    exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Nothing here pipes into a reader that may stop early (grep -q, head): under pipefail the writer's SIGPIPE would then
# pass for a failure.
is_offered() {
    local policy
    policy=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null) || return 1
    [[ $policy == *'Candidate: '[!\(]* ]]
}

# Updates the package lists, once.
apt_is_updated=
apt_update() {
    [ -z "$apt_is_updated" ] || return 0
    apt_is_updated=yes
    apt-get update -qq >&2 || say "contree: apt-get update failed; trying with the package lists that are there"
}

# Installs the missing ones of the named Debian packages when this is root on Debian, and says what stays missing and
# why. True if nothing stays missing.
install_missing() {
    local package output missing=() offered=() complete=0
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! is_root || ! command -v apt-get >/dev/null; then
        say "contree: not installed: ${missing[*]} (on Debian, as root: apt-get install ${missing[*]})"
        return 1
    fi
    apt_update
    for package in "${missing[@]}"; do
        if is_offered "$package"; then
            offered+=("$package")
        else
            say "contree: $package is not offered by this machine's package sources"
            complete=1
        fi
    done
    [ ${#offered[@]} -gt 0 ] || return 1
    say "contree: installing ${offered[*]}"
    if ! output=$(DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${offered[@]}" 2>&1); then
        say "$output"
        say "contree: installing ${offered[*]} failed; apt-get's reasons are above"
        return 1
    fi
    return "$complete"
}

# Sets $absent to those of some program:package pairs whose program is not on the PATH.
find_absent() {
    local pair
    absent=()
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null || absent+=("$pair")
    done
}

# Installs the packages of those programs that are not there. True if all are there afterwards, whatever their packages
# are called on this machine.
install_programs() {
    find_absent "$@"
    [ ${#absent[@]} -gt 0 ] || return 0
    install_missing "${absent[@]#*:}" || true
    find_absent "$@"
    [ ${#absent[@]} -eq 0 ]
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
        apt_update
        for package in openjdk-25-jdk-headless temurin-25-jdk; do
            if is_offered "$package"; then
                install_missing "$package" || true
                find_jdk && return 0
            fi
        done
    fi
    die "looked for a JDK 25 in JAVA_HOME, on the PATH and in /usr/lib/jvm, and found none.
Install one (https://adoptium.net, or your distribution's openjdk-25-jdk-headless) or point JAVA_HOME at one."
}

prepare_build() {
    prepare_jdk
    install_programs "${build_programs[@]}" \
        || die "cannot build: ${absent[*]%%:*} not found on the PATH. Install what has them (on Debian: ${absent[*]#*:})."
}

# Goes on without what cannot be had: the server says when it starts what it needs, and the doctor is there for that.
prepare_run() {
    install_programs "${run_programs[@]}" \
        || say "contree: not found on the PATH: ${absent[*]%%:*} (on Debian: ${absent[*]#*:}); going on without"
}

# Where a finished build lies: its jars, and a cache for a quick start of the JVM.
dist() { readlink -f "$root/target/dist/current" 2>/dev/null || true; }

# True if a source is newer than the last build. A directory's time tells that something in it came or went; so the
# modules' own directories, in which builds make theirs, are not looked at.
is_stale() {
    [ -e "$root/target/dist/current/built" ] || return 0
    [ -n "$(find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src "$root/init/nursery" "$root/init/Makefile" \
        "$root/api/openapi.yaml" -path '*/src/test' -prune -o -newer "$root/target/dist/current/built" -print -quit)" ]
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
        sed '/^ *at /d' "$log" | tail -n 40 >&2
        rm -rf "$next"
        die "building failed; the end of target/build.log is above, without stack traces"
    fi
    cp "$root"/cli/target/contree-cli-*.jar "$next/lib/"
    make_caches "$next"
    # What a build writes would otherwise be written out by the first commit of a server, which has to wait for the disk.
    sync -f "$next" 2>/dev/null || true
    ln -sfn "$next" "$root/target/dist/.current" && mv -fT "$root/target/dist/.current" "$root/target/dist/current"
    # The build before this one may still be running somewhere; older ones go.
    local builds=("$root"/target/dist/[0-9]*/)
    [ ${#builds[@]} -le 2 ] || rm -rf "${builds[@]::${#builds[@]}-2}"
    exec 8>&-
}

# JVM options that every command has, on every build. The heap grows from a small one as it is needed: what a JVM takes of a
# large machine by itself is touched within a few hundred runs, and is not given back.
jvm_options=(--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xms24m)

main_class=io.contree.cli.Main

# Records what a start loads, so that the next start maps it instead of loading it: half the time. All that a record has is
# made ready at every start, so commands have one of their own, which has nothing of the server. Of the server, the demo loads
# most, where it can run. Optional: without a record everything works and starts later.
make_caches() {
    local next=$1 rehearsal=warm-up
    if [ ${#private_mounts[@]} -gt 0 ] && command -v crun >/dev/null; then
        rehearsal=demo
    fi
    make_cache "$next" server "$rehearsal"
    make_cache "$next" command warm-up
}

make_cache() {
    local next=$1 name=$2 verb=$3
    timeout 120 "${private_mounts[@]}" "$JAVA_HOME/bin/java" "${jvm_options[@]}" \
        -XX:AOTCacheOutput="$next/$name.aot" -cp "$next/lib/*" "$main_class" "$verb" \
        >"$next/$name.log" 2>&1 </dev/null || true
}

# Sets $java to the command line that runs contree from the current build. The first argument is which record of what a
# start loads to use, "server" or "command"; further ones are options of the JVM.
java_command() {
    local where cache=$1
    shift
    where=$(dist)
    java=("$JAVA_HOME/bin/java" "${jvm_options[@]}")
    [ ! -f "$where/$cache.aot" ] || java+=("-XX:AOTCache=$where/$cache.aot" -Xlog:disable -Xlog:all=off)
    java+=("$@" -cp "$where/lib/*" "$main_class")
}

# Prefix for commands that mount: a mount namespace of their own, which takes every mount with it when it ends. What they
# mount reaches nobody else (slave); what the machine unmounts goes there too, or its disks would stay in use.
private_mounts=()
if is_root && unshare --mount --propagation slave true 2>/dev/null; then
    private_mounts=(unshare --mount --propagation slave --)
fi

# Becomes a command. Process 1 of a container or a pid namespace stays what it is and starts the command: a shell reaps
# the processes that have lost their parent, which nobody else would, and passes on the signals that it gets.
become() {
    [ $$ -eq 1 ] || exec "$@"
    local child status signal interrupted=
    # A shell starts background commands with SIGINT and SIGQUIT ignored.
    env --default-signal=INT,QUIT "$@" <&0 &
    child=$!
    for signal in HUP INT QUIT TERM; do
        # shellcheck disable=SC2064
        trap "interrupted=yes; kill -$signal $child 2>/dev/null || true" "$signal"
    done
    while true; do
        status=0
        wait "$child" || status=$?
        [ -n "$interrupted" ] || exit "$status"
        interrupted=
    done
}
