# pip and venv without a network. Needs: python3 python3-venv
# Unlike: \.pyc$|/RECORD$

--- an environment
python3 -m venv env; env/bin/python -c 'import sys; print(sys.prefix)'; env/bin/pip --version | cut -d' ' -f1

--- two versions of a package
cat > wheels.py <<'PY'
import zipfile
for version in ("1.0", "2.0"):
    info = "demo-%s.dist-info/" % version
    files = {"demo/__init__.py": "version = '%s'\n" % version, "demo/data/%s.txt" % version: "data\n",
             info + "METADATA": "Metadata-Version: 2.1\nName: demo\nVersion: %s\n" % version,
             info + "WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
             info + "entry_points.txt": "[console_scripts]\ndemo = demo:__name__.upper\n"}
    with zipfile.ZipFile("demo-%s-py3-none-any.whl" % version, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
        wheel.writestr(zipfile.ZipInfo(info + "RECORD", (2026, 1, 1, 0, 0, 0)),
                       "".join("%s,,\n" % name for name in [*files, info + "RECORD"]))
PY
python3 wheels.py; ls

--- installed
env/bin/pip install -q --no-index --no-compile ./demo-1.0-py3-none-any.whl; env/bin/python -c 'import demo; print(demo.version)'; env/bin/pip list --format=freeze | grep demo

--- only looked at (changes nothing)
env/bin/python -c 'import demo, os; print(demo.version, os.listdir(os.path.dirname(demo.__file__) + "/data"))'; env/bin/pip check

--- upgraded
env/bin/pip install -q --no-index --no-compile ./demo-2.0-py3-none-any.whl; env/bin/python -c 'import demo, os; print(demo.version, os.listdir(os.path.dirname(demo.__file__) + "/data"))'

--- compiled
env/bin/python -m compileall -q env/lib/python3*/site-packages/demo; find env -path '*demo*' -name '*.pyc' | wc -l

--- compiled already (changes nothing)
env/bin/python -m compileall -q env/lib/python3*/site-packages/demo; unset PYTHONDONTWRITEBYTECODE; env/bin/python -c 'import demo; print(demo.version)'

--- removed and installed again
env/bin/pip uninstall -q -y demo; env/bin/python -c 'import demo' 2>&1 | tail -1; find env -path '*demo*'; env/bin/pip install -q --no-index --no-compile ./demo-1.0-py3-none-any.whl; env/bin/pip list --format=freeze | grep demo

--- the environment upgraded, moved and moved back
mv env moved; mv moved env; python3 -m venv --upgrade env; env/bin/python -c 'import demo; print(demo.version)'

--- a copy by rename
python3 -c 'import os, shutil; shutil.copytree("env", "env.new", symlinks=True); os.rename("env", "env.old"); os.rename("env.new", "env"); shutil.rmtree("env.old")'; env/bin/python -c 'import demo; print(demo.version)'
