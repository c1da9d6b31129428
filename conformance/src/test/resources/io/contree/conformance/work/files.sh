# What agents do to files, in ten steps and a few looks. Needs: git python3 rsync
# Unlike: /index$|^all\.tar$
# First: settled() { sleep 1.1; for r; do git -C $r status --porcelain; done; }
# (git takes files that are as new as its index for changed, and so writes the index once more: on any machine.)

--- a project, committed
git config --global user.name Agent; git config --global user.email agent@example.org
git config --global init.defaultBranch main; git config --global pack.threads 1
git init -q repo && cd repo
mkdir -p src/pkg/inner docs/img
for i in 1 2 3 4 5 6 7 8 9; do echo "line $i" > src/pkg/f$i.py; echo "# $i" > docs/$i.md; done
seq 1 20000 > src/pkg/inner/data.txt; ln -s ../src docs/source; chmod 755 src/pkg/f1.py
git add -A && git commit -qm one && git log --oneline && cd .. && settled repo

--- status (changes nothing)
git -C repo status --porcelain; git -C repo diff --stat; git -C repo ls-files -s | tail -3

--- directories of an earlier step renamed
cd repo
git mv src lib && git status --short
python3 - <<'PY'
import os
os.rename("docs", "manual")
os.replace("manual/img", "img")
for old, new in (("manual", "lib"), ("lib", "lib/inside"), ("manual", "lib/pkg/f1.py"), ("nothing", "x"), ("img", "manual/img")):
    try:
        os.rename(old, new)
        print("renamed", old, new)
    except OSError as e:
        print(e)
PY
git add -A; git commit -qm two; git status --porcelain; git log --stat --oneline -M | cat
ls -A . manual lib

--- hard links and trees of hard links
echo 1 > a; ln a b; ln a c; mkdir d; ln a d/e; ln -s a s; ln s hard-s 2>&1; mkfifo fifo; ln fifo fifo2
cp -al repo linked; [ repo/lib/pkg/f1.py -ef linked/lib/pkg/f1.py ] && echo same
git clone -q repo clone && git -C clone log --oneline | cat
find repo/.git/objects -type f -links +1 | wc -l
stat -c '%n %h' a b c d/e s hard-s fifo fifo2 linked/lib/pkg/f2.py

--- written, chmodded and linked through one of several names
echo 2 >> a; cat b c d/e; chmod 600 c; stat -c '%a %h' a b c d/e
ln d/e f; [ a -ef f ] && echo linked; stat -c %h a
echo three >> repo/lib/pkg/f3.py; cat linked/lib/pkg/f3.py; touch -d @1000000000 linked/lib/pkg/f4.py; stat -c %Y repo/lib/pkg/f4.py
chown 33:33 b; stat -c '%u:%g' a f; truncate -s 1 d/e; wc -c a b c f | cat
python3 -c 'import mmap; f=open("repo/lib/pkg/f5.py","r+b"); m=mmap.mmap(f.fileno(),0); m[0:1]=b"L"; m.flush()'; cat linked/lib/pkg/f5.py
rm b; stat -c %h a; mv c d/c; [ a -ef d/c ] && echo moved; git -C repo status --porcelain; git -C clone status --porcelain; git -C clone fsck 2>&1

--- rsync, sed -i, tar, cp -a
rsync -aH --itemize-changes repo linked mirror/ | sort | tail -5; stat -c %h mirror/linked/lib/pkg/f2.py
[ mirror/repo/lib/pkg/f2.py -ef mirror/linked/lib/pkg/f2.py ] && echo together
sed -i 's/line/LINE/' repo/lib/pkg/f6.py; stat -c %h linked/lib/pkg/f6.py; cat linked/lib/pkg/f6.py repo/lib/pkg/f6.py
tar -cf all.tar --sort=name a d f repo/lib linked/lib; mkdir out; tar -xpf all.tar -C out; [ out/repo/lib/pkg/f7.py -ef out/linked/lib/pkg/f7.py ] && echo linked
cp -a d dd; stat -c '%n %h' dd/*; install -m 600 a installed; dd if=/dev/zero of=holes bs=1 count=1 seek=3000000 2>/dev/null; cp --sparse=always holes holes2; cmp holes holes2 && echo equal

--- renamed there and back, over each other, and deep
mv linked moved; mv moved linked; mv -T dd d2; mkdir empty; mv -T d2 empty; ls empty
mkdir -p full/x; mv -T empty full 2>&1; mv full/x full/y; rmdir full/y full
long=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
mkdir -p $long/$long/$long/$long/$long/leaf; echo deep > $long/$long/$long/$long/$long/leaf/file; mkdir other
touch -d @1000000000 stamp

--- deep directories of an earlier step moved
long=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
python3 - $long <<'PY'
import os, sys
a = sys.argv[1]
os.rename("/".join([a] * 5), "other/top")
os.rename("other/top/leaf", "/".join([a] * 4) + "/leaf")
os.rename("/".join([a] * 4) + "/leaf", "other/leaf")
print(sorted(os.listdir(a + "/" + a)), open("other/leaf/file").read())
os.rename(a, "short")
PY
find short other -printf '%y %p\n' | sort; find . -newer stamp -name '*.py' | sort | sed -n 1,3p; find . -xdev -type f -links +1 | sort | wc -l

--- removed and made again
rm -r repo/lib/pkg/inner && mkdir repo/lib/pkg/inner && echo new > repo/lib/pkg/inner/new; rm -r mirror/linked; mv mirror/repo mirror/linked; ls mirror/linked
git -C repo add -A; git -C repo commit -qm three; git -C repo checkout -q HEAD~1; cat repo/lib/pkg/inner/data.txt | wc -l; git -C repo status --porcelain; git -C repo checkout -q main
ln -sfn repo/lib current; ln -sfn repo/manual current; readlink current; rm -r linked/lib/pkg; mv out/linked/lib/pkg linked/lib/pkg; stat -c %h out/repo/lib/pkg/f7.py

--- what is left
git -C repo status --porcelain; git -C repo fsck; git -C repo gc -q; git -C clone pull -q 2>&1; git -C clone log --oneline | cat
find . -not -path '*/.git/*' -printf '%y %m %U:%G %p %l\n' | sort | sha256sum; find . -type f -not -name index -not -name all.tar | sort | xargs -d '\n' sha256sum | sha256sum
diff -r repo/lib clone/lib && echo equal; [ a -ef d/e ] && [ a -ef d/c ] && [ a -ef f ] && stat -c '%h %s %a' a

--- looked at once more
settled repo clone

--- nothing but looks (changes nothing)
git -C repo status --porcelain; git -C clone status --porcelain; find . -newer stamp | sort | wc -l; du -s --apparent-size repo/lib | cut -f1 > /dev/null; tar -cf - . | wc -c > /dev/null
