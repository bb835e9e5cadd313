#!/bin/sh
# Sets a server up for deploys; run it as root, as often as you like.  Made by
# `./publish.sh server-setup`; read it first, it is meant to be read.
set -eu
umask 022
host=@HOST@
base=@BASE@
lib=/usr/local/lib/common-thread
conf=/etc/nginx/common-thread

fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

[ "$(id -u)" -eq 0 ] || fail "Run this as root."
for tool in nginx rsync sudo visudo setpriv flock awk; do
    command -v "$tool" >/dev/null || fail "There is no $tool: apt-get install nginx rsync sudo"
done
# A user who was there before may have keys and rights of his own, and so may what belongs to him.
home=$(getent passwd deploy | cut -d : -f 6)
[ "${home:-/var/lib/common-thread}" = /var/lib/common-thread ] ||
    fail "There is a user deploy of another kind already: remove it, with what it may do (userdel, sudoers)."
[ ! -e "$base" ] || [ "$(stat -c %U "$base")" = common-thread ] ||
    fail "$base belongs to somebody else: move it away; the next deploy fills it anew."

# Two users: deploy may bring releases and ask for steps; common-thread owns what readers get.
getent passwd deploy >/dev/null ||
    useradd --system --user-group --password '*' --home-dir /var/lib/common-thread --shell /bin/sh deploy
getent passwd common-thread >/dev/null ||
    useradd --system --user-group --groups deploy --home-dir /nonexistent \
        --shell /usr/sbin/nologin common-thread
for folder in /var/lib/common-thread /var/lib/common-thread/.ssh /var/www/common-thread "$lib" "$conf"; do
    install -d -o root -g root -m 755 "$folder"
done
for folder in "" /releases /passed /shared /staging; do
    install -d -o common-thread -g common-thread -m 755 "$base$folder"
done
install -d -o deploy -g deploy -m 775 "$base/incoming"

put() { # MODE FILE: what comes in becomes this file, root's
    cat >"$2.new"
    chown root:root "$2.new"
    chmod "$1" "$2.new"
    mv -f "$2.new" "$2"
}

@FILES@
# The step of a deploy, with its folder fixed.
put 755 "$lib/server" <<END
#!/bin/sh
[ \$# -gt 0 ] || exit 64
action=\$1
shift
exec env SEALED=yes /bin/sh $lib/server.sh "\$action" "$base" "\$@"
END

# What the deploying user may run as somebody else: the steps as common-thread, and one command of root's.
put 440 /etc/sudoers.d/common-thread.off <<END
Defaults:deploy !requiretty
deploy ALL=(common-thread) NOPASSWD: $lib/server
deploy ALL=(root) NOPASSWD: $lib/conf ""
END
visudo -cqf /etc/sudoers.d/common-thread.off
mv -f /etc/sudoers.d/common-thread.off /etc/sudoers.d/common-thread

# The key can do nothing but what the gate lets through, and the user cannot change that.
{
@KEYS@
} | put 644 /var/lib/common-thread/.ssh/authorized_keys

[ -e "$conf/current/http.conf" ] || {
    install -d -m 755 "$conf/none"
    # shellcheck disable=SC2016 # a variable of nginx's
    printf 'map $uri $common_thread_moved { default ""; }\n' >"$conf/none/http.conf"
    : >"$conf/none/server.conf"
    ln -sfn none "$conf/current"
}
# The next deploy writes the headers and redirects anew, as this script would have them.
rm -f "$conf"/*/data
# What this machine lacks is left out.
[ -e /proc/net/if_inet6 ] || sed -i '/listen \[::\]/d' "$lib/nginx.conf" "$lib/nginx-plain.conf"
[ -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] || sed -i '/brotli_static/d' "$lib/nginx.conf"
rm -f /etc/nginx/sites-enabled/default
# The log that counts pages and knows nobody, and how long a day of it stays.
install -d -o root -g adm -m 755 /var/log/common-thread
install -d -m 755 /etc/logrotate.d
mv -f "$lib/logrotate.conf" /etc/logrotate.d/common-thread
mv -f "$lib/nginx-plain.conf" /etc/nginx/conf.d/common-thread-plain.conf
if [ -e "/etc/letsencrypt/live/$host/fullchain.pem" ]; then
    mv -f "$lib/nginx.conf" /etc/nginx/conf.d/common-thread.conf
    echo "$host is ready: deploy to it."
else
    rm -f "$lib/nginx.conf"
    echo "$host has no certificate yet: get one, then run this again."
fi
nginx -t -q
[ ! -s /run/nginx.pid ] || nginx -s reload
