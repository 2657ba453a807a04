# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced: fresh, minimal systems of Debian's releases, made from a tar that debootstrap filled once.
# Needs root.

systems=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/build/distros

# The archive that this system's apt reads Debian from.
mirror() {
	apt-get update --print-uris | sed -nE "s,^'([^']+/debian)/dists/[^']+/InRelease'.*,\1,p" | head -n 1
}

# can_make_systems WHO: else says why not.
can_make_systems() {
	local tool
	for tool in debootstrap git unshare; do
		command -v $tool >/dev/null || { echo "$1: $tool is not here" >&2; return 1; }
	done
	[ "$(id -u)" = 0 ] || { echo "$1: only root can install a system" >&2; return 1; }
}

# tar_of SUITE [again]: a minimal system, once. Its index may be past its date on a mirror that lags.
tar_of() {
	local suite=$1 tree=$systems/$1.new
	[ -z "${2:-}" ] && [ -s "$systems/$suite.tar" ] && return
	mkdir -p "$systems"
	rm -rf "$tree"
	debootstrap --variant=minbase --include=make,git,ca-certificates "$suite" "$tree" "$(mirror)" \
		>"$systems/$suite.debootstrap" || { tail "$systems/$suite.debootstrap" >&2; return 1; }
	printf 'Acquire::Check-Valid-Until "false";\nAcquire::Check-Date "false";\n' \
		>"$tree/etc/apt/apt.conf.d/99regwait"
	apt-config dump | grep -E '^Acquire::(http|https)::Proxy' >>"$tree/etc/apt/apt.conf.d/99regwait" || true
	tar -C "$tree" -cf "$systems/$suite.part" .
	mv "$systems/$suite.part" "$systems/$suite.tar"
	rm -rf "$tree"
}

# fresh_system SUITE ROOT: a new one there, in place of what there was.
fresh_system() {
	rm -rf --one-file-system "$2"
	mkdir -p "$2"
	tar -C "$2" -xpf "$systems/$1.tar"
	cp -L /etc/resolv.conf /etc/hosts "$2/etc/"
}

# within ROOT DIRECTORY COMMAND...: in namespaces of its own, so that every mount and every process
# ends with it, however it ends. The root is the root of a mount, and no chroot: whoever is in one can
# neither change how mounts spread nor make a user namespace.
within() {
	# shellcheck disable=SC2016 # for the shell that is run
	unshare --mount --pid --fork --kill-child --ipc bash -ec '
		root=$1; shift
		mount --bind "$root" "$root"
		mount --rbind /dev "$root/dev"
		mount --make-rslave "$root/dev"
		mount -t proc proc "$root/proc"
		mount -t sysfs sysfs "$root/sys"
		mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
		cd "$root"
		pivot_root . mnt
		umount -l /mnt
		exec env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			TERM=dumb LC_ALL=C bash -c "cd \"\$0\" && exec \"\$@\"" "$@"' - "$@"
}

# booted ROOT SCRIPT: boots the system's systemd in namespaces of its own, with the script as its only
# service, and prints what that says. Fails as it does; 77: there are no control groups for it here.
booted() {
	local groups root=$1 script=$2 group status=1
	groups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
	[ -n "$groups" ] && group=$(mktemp -d "$groups/regwait.XXXXXX") || return 77
	cat >"$root/etc/systemd/system/regwait-script.service" <<-TEXT
		[Service]
		Type=oneshot
		ExecStart=$script
		ExecStopPost=/bin/sh -c 'echo \$EXIT_STATUS >/booted.status; systemctl --no-block start poweroff.target'
		StandardOutput=append:/booted.said
		StandardError=inherit
	TEXT
	rm -f "$root"/booted.*
	# shellcheck disable=SC2016 # for the shell that is run
	(
		echo 0 >"$group/cgroup.procs"
		exec timeout 600 unshare --mount --pid --fork --kill-child --ipc --uts --cgroup bash -ec '
			root=$1
			mount --bind "$root" "$root"
			mount -t proc proc "$root/proc"
			mount -t sysfs sysfs "$root/sys"
			mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
			mount -t tmpfs -o mode=755 dev "$root/dev"
			cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty "$root/dev/"
			ln -s pts/ptmx "$root/dev/ptmx"
			cd "$root"
			pivot_root . mnt
			umount -l /mnt
			exec env -i container=regwait /lib/systemd/systemd --unit=regwait-script.service \
				--log-target=null --show-status=0' - "$root"
	) </dev/null >/dev/null 2>&1 || true
	until rmdir "$group" 2>/dev/null; do
		[ -s "$group/cgroup.procs" ] || find "$group" -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null
		sleep 0.1
	done
	cat "$root/booted.said" || true
	[ ! -s "$root/booted.status" ] || read -r status <"$root/booted.status"
	return "$status"
}
