# apt and dpkg with packages that are made here. Needs: rsync
# Long: by hand
# Unlike: \.deb$

--- two versions of a package
for v in 1 2; do p=tool-$v; mkdir -p $p/DEBIAN $p/etc/tool $p/usr/share/tool/v$v $p/usr/bin; printf 'Package: tool\nVersion: %s.0\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: a tool\n' $v > $p/DEBIAN/control
echo /etc/tool/conf > $p/DEBIAN/conffiles; echo conf $v > $p/etc/tool/conf; printf '#!/bin/sh\necho tool %s\n' $v > $p/usr/bin/tool; chmod 755 $p/usr/bin/tool; ln $p/usr/bin/tool $p/usr/bin/tool-link; seq 1 5000 > $p/usr/share/tool/v$v/data; ln -s v$v $p/usr/share/tool/now
printf '#!/bin/sh\nset -e\necho "$1" >> /var/tool.log\nuseradd --system tooluser 2>/dev/null || true\n' > $p/DEBIAN/postinst; chmod 755 $p/DEBIAN/postinst; dpkg-deb --root-owner-group -Zgzip -b $p tool_$v.deb > /dev/null; done; find . -name '*.deb' | sort

--- installed
apt-get install -qq -y ./tool_1.deb 2>&1 | grep -v -e debconf -e '^(Reading' | tail -3; tool; stat -c %h /usr/bin/tool; dpkg -V tool; cat /var/tool.log

--- looked at (changes nothing)
dpkg -l tool | tail -1; dpkg -L tool | sort; dpkg -S /usr/bin/tool-link; tool-link

--- a changed setting is kept by the upgrade
echo mine >> /etc/tool/conf; DEBIAN_FRONTEND=noninteractive apt-get install -qq -y -o Dpkg::Options::=--force-confold ./tool_2.deb 2>&1 | sed -nE '/setting|tool_2/Ip' | tail -2; tool; cat /etc/tool/conf /etc/tool/conf.dpkg-dist; ls -l /usr/share/tool | cut -c1-10; stat -c %h /usr/bin/tool-link; dpkg -V tool

--- back to the first
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --allow-downgrades -o Dpkg::Options::=--force-confnew ./tool_1.deb > /dev/null 2>&1; echo $?; tool; cat /etc/tool/conf; dpkg --audit

--- removed
apt-get remove -qq -y tool > /dev/null 2>&1; echo $?; ls /usr/bin/tool /etc/tool; dpkg -l tool | tail -1 | cut -c1-8

--- purged
apt-get purge -qq -y tool > /dev/null 2>&1; echo $?; ls /etc/tool; dpkg -l tool 2>&1 | tail -1

--- a package of the image goes
apt-get remove -qq -y rsync > /dev/null 2>&1; echo $?; ls /usr/bin/rsync; dpkg --audit; apt-get check -qq

--- what is left
find / -xdev \( -path /proc -o -path /dev -o -path /sys -o -path /w -o -path /tmp -o -path /var/log -o -path /var/cache -o -path /etc/hosts -o -path /etc/hostname -o -path /etc/resolv.conf \) -prune -o -printf '%y %m %U:%G %p %l\n' | sed '/-old$/d' | sort > all; wc -l < all
find /usr /etc /var/lib/dpkg/info -xdev -type f -not -name '*-' -not -path /etc/ld.so.cache -not -path '/etc/host*' -not -path /etc/resolv.conf -links 1 | sort | xargs -d '\n' sha256sum | sha256sum
