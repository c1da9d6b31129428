# npm with packages that are made here. Needs: npm
# Long: by hand
# Unlike: \.package-lock\.json$|package-lock\.json$

--- packages
npm config set audit false; npm config set fund false; npm config set update-notifier false
mkdir -p dep/lib app; echo '{"name":"dep","version":"1.0.0","main":"lib/index.js","bin":{"dep":"lib/cli.js"}}' > dep/package.json; echo 'module.exports = 1' > dep/lib/index.js; printf '#!/usr/bin/env node\nconsole.log("cli")\n' > dep/lib/cli.js
printf '%s\n' '{"name":"app","version":"1.0.0","scripts":{"start":"node -e \"console.log(require(\\\"dep\\\"))\""}}' > app/package.json
cd dep; npm pack -s --pack-destination ..; sed -i s/1.0.0/2.0.0/ package.json; echo 'module.exports = 2' > lib/index.js; npm pack -s --pack-destination ..; ls ..

--- installed
cd app; npm install ../dep-1.0.0.tgz 2>&1 | sed 's/ in [0-9.]*m\?s//'; npm run -s start; node_modules/.bin/dep; ls -A node_modules

--- run (changes nothing)
cd app; node -e 'console.log(require("dep"))'; node_modules/.bin/dep

--- upgraded
cd app; npm install ../dep-2.0.0.tgz 2>&1 | sed 's/ in [0-9.]*m\?s//'; npm run -s start; npm ls 2>&1 | tail -2

--- from the lock
cd app; npm ci 2>&1 | sed 's/ in [0-9.]*m\?s//'; npm run -s start; find node_modules -type f | sort

--- a linked directory
cd app; npm install ../dep 2>&1 | sed 's/ in [0-9.]*m\?s//'; readlink node_modules/dep; npm run -s start

--- removed
cd app; npm uninstall dep 2>&1 | sed 's/ in [0-9.]*m\?s//'; find . | sort; cat package.json

--- renamed as installers do
cd app; npm install ../dep-1.0.0.tgz 2>&1 | sed 's/ in [0-9.]*m\?s//'; node -e 'const fs = require("fs"); fs.renameSync("node_modules", "old"); fs.cpSync("old", "node_modules", {recursive: true, verbatimSymlinks: true}); fs.rmSync("old", {recursive: true}); fs.renameSync("node_modules/dep/lib", "node_modules/dep/l"); fs.renameSync("node_modules/dep/l", "node_modules/dep/lib")'; npm run -s start
