# cargo and a C compiler: a build without changes builds nothing. Needs: cargo gcc libc6-dev make
# Long: by hand
# Only output

--- projects
cargo new -q --vcs none --lib dep; cargo new -q --vcs none app; echo 'dep = { path = "../dep" }' >> app/Cargo.toml; echo 'pub fn answer() -> u32 { 41 }' > dep/src/lib.rs; echo 'fn main() { println!("{}", dep::answer()); }' > app/src/main.rs
mkdir c; printf '#include "h.h"\nint main(void) { return N; }\n' > c/main.c; echo '#define N 3' > c/h.h; printf 'CFLAGS=-MMD\napp: main.o\n\t$(CC) -o $@ $^\n-include main.d\n' > c/Makefile; ls

--- built
cd app; cargo build --offline 2>&1 | sed 's/ in [0-9.]*s//'; target/debug/app; cd ../c; make; ./app; echo $?

--- built already (changes nothing)
cd app; cargo build --offline 2>&1 | sed 's/ in [0-9.]*s//'; target/debug/app; cd ../c; make

--- built already, again (changes nothing)
cd app; cargo build --offline 2>&1 | sed 's/ in [0-9.]*s//'; cd ../c; make; make -q; echo $?

--- a dependency changes
sleep 0.1; echo 'pub fn answer() -> u32 { 42 }' > dep/src/lib.rs; cd app; cargo build --offline 2>&1 | sed 's/ in [0-9.]*s//'; target/debug/app; cd ../c; sleep 0.1; echo '#define N 4' > h.h; make; ./app; echo $?

--- nothing more (changes nothing)
cd app; cargo build --offline 2>&1 | sed 's/ in [0-9.]*s//'; cd ../c; make

--- attributes and another profile
chmod 600 app/src/main.rs; cd app; cargo build --offline 2>&1 | sed 's/ in [0-9.]*s//'; cargo build --offline --release 2>&1 | sed 's/ in [0-9.]*s//'; target/release/app; find target/debug -name 'app*' -type f -links +1 | wc -l

--- tests
cd app; cargo test --offline -q 2>&1 | grep result | sed 's/finished in.*//'; cargo build --offline 2>&1 | sed 's/ in [0-9.]*s//'

--- the target moves there and back
cd app; mv target elsewhere; mv elsewhere target; cargo build --offline 2>&1 | sed 's/ in [0-9.]*s//'; cd ..; mv app moved; cd moved; cargo build --offline 2>&1 | sed 's/ in [0-9.]*s//; s/(.*)//'; target/debug/app

--- cleaned
cd moved; cargo clean -q; ls; cargo build --offline 2>&1 | sed 's/ in [0-9.]*s//; s/(.*)//'; target/debug/app
