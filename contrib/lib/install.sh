#!/bin/bash
# install.sh GROUP...: installs what is missing of these groups of
# contrib/packages. Starts no service, creates no database cluster, removes
# nothing and installs no mail server that would take over the machine's own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

wanted=()
for group; do
	mapfile -t -O "${#wanted[@]}" wanted < <(
		awk -v g="$group" '$1 == g { print $2 }' "$here/../packages")
done
missing=()
for package in "${wanted[@]}"; do
	# another node brings its own npm, and Debian's would not go with it
	case $package in
	nodejs) ! command -v node >/dev/null || continue ;;
	npm) ! command -v npm >/dev/null || continue ;;
	esac
	dpkg-query -Wf '${Status}\n' "$package" 2>/dev/null | grep -q ' installed$' ||
		missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0
[ "$(id -u)" = 0 ] ||
	exec sudo --preserve-env=http_proxy,https_proxy,no_proxy "$0" "$@"
echo "install: ${missing[*]}"

export DEBIAN_FRONTEND=noninteractive LC_ALL=C
apt=(apt-get -q -y -o DPkg::Lock::Timeout=300 -o APT::Get::Remove=false
	--no-install-recommends)
policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.conf

restore() {
	[ -z "${made_policy-}" ] || rm -f "$policy"
	[ -z "${made_cluster-}" ] || mv -f "$cluster.madoguchi" "$cluster"
}
trap restore EXIT
trap 'exit 130' INT TERM HUP

# packages may start their services: not during this installation
if [ ! -e "$policy" ]; then
	made_policy=1
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
fi

planned=$("${apt[@]}" -s install "${missing[@]}" 2>&1) || {
	"${apt[@]}" update >/dev/null
	planned=$("${apt[@]}" -s install "${missing[@]}" 2>&1) || {
		echo "$planned" >&2
		exit 1
	}
}
if grep -E '^(Remv |Inst (opensmtpd|exim4|postfix|sendmail|nullmailer|msmtp-mta) )' \
	<<<"$planned" >&2; then
	echo "install: refused: this would change the machine's own mail server" >&2
	exit 1
fi

# PostgreSQL's package makes and starts a cluster unless told not to, and the
# file that says so comes with postgresql-common
if [[ " ${missing[*]} " == *" postgresql "* ]]; then
	"${apt[@]}" install postgresql-common >/dev/null
	cp -p "$cluster" "$cluster.madoguchi"
	made_cluster=1
	echo "create_main_cluster = false" >>"$cluster"
fi
"${apt[@]}" install "${missing[@]}" >/dev/null

# nor at the next boot: what came only now is disabled again
for service in dovecot postgresql clamav-daemon clamav-freshclam; do
	[[ $planned == *"Inst $service"[\ -]* ]] || continue
	if command -v systemctl >/dev/null; then
		systemctl --quiet disable "$service" 2>/dev/null || true
	elif command -v update-rc.d >/dev/null; then
		update-rc.d "$service" disable >/dev/null 2>&1 || true
	fi
done
