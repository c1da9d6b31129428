# make: what is up to date stays so. Needs: make

--- a project
mkdir -p src; for i in $(seq 1 30); do echo "source $i" > src/$i.in; done; echo version=1 > config
cat > Makefile <<'MK'
objects := $(patsubst src/%.in,out/%.o,$(sort $(wildcard src/*.in)))
all: bin/app
bin/app: $(objects) | bin
	cat $^ > $@; chmod 755 $@
out/%.o: src/%.in config | out
	sed 's/source/object/' $< > $@
out bin:
	mkdir -p $@
.PHONY: all
MK
make | tail -3; wc -l bin/app

--- nothing to do (changes nothing)
make; make -q; echo $?

--- one source newer
sleep 0.1; echo more >> src/7.in; make

--- again nothing to do (changes nothing)
make; make -q; echo $?

--- attributes only, and a header
chmod 600 src/8.in; make; sleep 0.1; touch config; make | wc -l

--- the sources move
mv src source; ln -s source src; make

--- moved back
rm src; mv source src; make; make -q; echo $?

--- the objects of an earlier step hard-linked elsewhere
cp -al out saved; rm -r out; make | wc -l; sleep 0.1; touch src/9.in; make; cmp out/9.o saved/9.o && stat -c %h saved/9.o; mv saved out2; rm -r out; mv out2 out; make -q; echo $?

--- the last look (changes nothing)
make -q; find . -newer config -name '*.o' | wc -l
