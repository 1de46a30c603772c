# Included by the root Makefile. Needs nothing but coreutils; the binaries come from BINDIR.
#   make install DESTDIR=/tmp/tree PREFIX=/usr      the store and headquarters
#   make install-edge / install-hq                  one of them
#   make check-systemd                              units, users, directories, udev rules, and the installed tree
#   make image / make image-test                    image/README.md
PREFIX ?= /usr
SYSCONFDIR ?= /etc
BINDIR ?= target/release
INSTALL ?= install

_prefix = $(DESTDIR)$(PREFIX)
_lib = $(_prefix)/lib
_doc = $(_prefix)/share/doc/outpost
_etc = $(DESTDIR)$(SYSCONFDIR)/outpost

.PHONY: install install-edge install-hq install-common check-systemd image image-test

install: install-edge install-hq

# A configuration that is there is somebody's work: it is never written over.
define install_config
	test -e $(_etc)/$(1) || $(INSTALL) -m 0640 systemd/config/$(1) $(_etc)/$(1)
endef

install-common:
	$(INSTALL) -d -m 0755 $(_prefix)/bin $(_lib)/systemd/system $(_doc) $(_etc)
	$(INSTALL) -D -m 0644 systemd/sysusers.d/outpost.conf $(_lib)/sysusers.d/outpost.conf
	$(INSTALL) -D -m 0644 systemd/tmpfiles.d/outpost.conf $(_lib)/tmpfiles.d/outpost.conf
	$(INSTALL) -m 0644 LICENSE $(_doc)/LICENSE
	$(INSTALL) -m 0644 systemd/README.md $(_doc)/README.systemd.md
	if test -e README.md; then $(INSTALL) -m 0644 README.md $(_doc)/README.md; fi

install-edge: install-common
	$(INSTALL) -m 0755 $(BINDIR)/outpost $(_prefix)/bin/outpost
	sed 's,/usr/bin/,$(PREFIX)/bin/,' systemd/outpost.service > $(_lib)/systemd/system/outpost.service
	chmod 0644 $(_lib)/systemd/system/outpost.service
	$(INSTALL) -D -m 0644 systemd/udev/70-outpost.rules $(_lib)/udev/rules.d/70-outpost.rules
	$(INSTALL) -D -m 0644 systemd/modules-load.d/outpost.conf $(_lib)/modules-load.d/outpost.conf
	$(INSTALL) -d -m 0700 $(DESTDIR)/var/lib/outpost $(DESTDIR)/var/lib/outpost/keys
	$(call install_config,edge.toml)

install-hq: install-common
	$(INSTALL) -m 0755 $(BINDIR)/outpost-hq $(_prefix)/bin/outpost-hq
	sed 's,/usr/bin/,$(PREFIX)/bin/,' systemd/outpost-hq.service > $(_lib)/systemd/system/outpost-hq.service
	chmod 0644 $(_lib)/systemd/system/outpost-hq.service
	$(INSTALL) -d -m 0700 $(DESTDIR)/var/lib/outpost-hq
	$(call install_config,hq.toml)

check-systemd:
	tests/image/units.sh
	BINDIR=$(BINDIR) tests/image/install.sh

image:
	BINDIR=$(BINDIR) image/appliance/build.sh

image-test:
	tests/image/boot.py
