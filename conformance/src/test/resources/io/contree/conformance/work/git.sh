# git over many steps. Needs: git
# Unlike: /index$
# First: settled() { sleep 1.1; for r; do git -C $r status --porcelain; done; }
# (git takes files that are as new as its index for changed, and so writes the index once more: on any machine.)

--- a repository
git config --global user.name Agent; git config --global user.email agent@example.org
git config --global init.defaultBranch main; git config --global pack.threads 1; git config --global advice.detachedHead false
git init -q app && cd app && mkdir -p src/a src/b && for i in $(seq 1 60); do echo "file $i" > src/a/$i; echo "other $i" > src/b/$i; done
git add -A && git commit -qm start && git status --porcelain && git log --oneline | cat; cd ..; settled app

--- status (changes nothing)
git -C app status --porcelain; git -C app diff --stat; git -C app describe --always

--- a clone with hard links, and one by its files
git clone -q app local; git clone -q --no-local app whole; git -C local fsck; git -C whole fsck; find local/.git/objects -type f -links +1 | wc -l; settled app local whole

--- all are clean (changes nothing)
for r in app local whole; do git -C $r status --porcelain; git -C $r diff-index HEAD; git -C $r diff-files; done

--- a branch that moves a directory
cd app; git checkout -q -b feature; git mv src lib; git mv lib/b lib/c; git commit -qam moved; git show --stat -M --oneline | tail -3; git status --porcelain

--- main goes on
cd app; git checkout -q main; git status --porcelain; echo more >> src/a/1; git commit -qam more; git ls-files | wc -l; ls

--- rebase
cd app; git rebase -q main feature 2>&1; git log --oneline --graph | cat; cat lib/a/1; git status --porcelain

--- a worktree and a stash
cd app; git worktree add -q ../tree main; git worktree list; echo draft >> lib/a/2; echo new > lib/a/new; git add lib/a/new; git stash; git status --porcelain; git stash list | cat

--- the stash comes back, the worktree commits
cd app; git -C ../tree status --porcelain; echo tree >> ../tree/src/a/3; git -C ../tree commit -qam tree; git stash pop -q; git status --porcelain; git commit -qam draft; git merge -q main -m merged; git log --oneline | cat

--- a conflict
cd app; git checkout -q -b left; echo left > lib/a/9; git commit -qam left; git checkout -q feature; echo right > lib/a/9; git commit -qam right; git merge left; git status --porcelain; git merge --abort; git status --porcelain

--- the worktree moves and goes
cd app; git worktree move ../tree ../tree2; git worktree list; git -C ../tree2 status --porcelain; git worktree remove ../tree2; git worktree prune; git worktree list; ls ..

--- gc
cd app; git gc -q --prune=now; git count-objects -v | grep -v size; git fsck; cd ..; settled app

--- after the gc (changes nothing)
cd app; git status --porcelain; git log --oneline | wc -l; git cat-file -p HEAD | sed -n 1,1p

--- reset, clean, bisect
cd app; touch junk; mkdir junks; touch junks/1; git clean -qfdx; git reset -q --hard HEAD~1; git bisect start HEAD main~1 2>&1 | tail -2; git bisect reset 2>&1 | tail -1; git status --porcelain; git reflog | wc -l

--- pulled and pushed
git -C local pull -q; git -C local checkout -q -b work; echo w > local/w; git -C local add w; git -C local commit -qm w; git -C local push -q origin work; git -C app branch --list | cat; git -C app log --oneline work | sed -n 1,1p

--- the repository moves
mv app moved; git -C moved status --porcelain; git -C local remote set-url origin ../moved; git -C local fetch -q; git -C local status -sb | cat

--- files of moved directories are new once
settled moved local whole

--- all are clean in the end (changes nothing)
for r in moved local whole; do git -C $r status --porcelain; git -C $r fsck; done
