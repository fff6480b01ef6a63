# Every package of every package manager that is here. No pipe hides that one of them failed.

dpkg_packages() {
    command -v dpkg-query >/dev/null || { untold dpkg-query /var/lib/dpkg/status /var/lib/dpkg/status.d; return; }
    if [ "$dpkg_said" ]; then printf '%s\n' "$dpkg_said" | grep '^[^ ]'; else dpkg-query -W -f "$dpkg_wanted"; fi
}
# dpkg_automatic: print what was installed only because something else wanted it.
dpkg_automatic() {
    [ -e /var/lib/apt/extended_states ] || return 44
    awk '/^Package:/ { name = $2 } /^Auto-Installed: 1/ { print name }' /var/lib/apt/extended_states
}
dpkg_architecture() {
    command -v dpkg-query >/dev/null || return 44 # busybox has a dpkg
    dpkg --print-architecture
}
rpm_packages() {
    has_rpm || { untold rpm $rpm_files; return; }
    rpm -qa --qf '%{NAME}\t%{ARCH}\t%{VERSION}-%{RELEASE}\n'
}
apk_packages() {
    [ -e /lib/apk/db/installed ] || return 44
    [ -r /lib/apk/db/installed ] || return 43
    awk '/^P:/ { name = substr($0, 3) } /^V:/ { print name "\t" substr($0, 3) }' /lib/apk/db/installed
}
# programs: print the paths of programs that applications in PHP call, as far as they are here.
programs() {
    for program in gs pdftotext pdftoppm pdfinfo qpdf ffmpeg ffprobe convert magick identify wkhtmltopdf \
        wkhtmltoimage chromium inkscape soffice libreoffice exiftool jpegoptim optipng pngquant cwebp gifsicle \
        tesseract sendmail git svn unzip zip 7z rsync curl wget ssh node npm composer mysql psql sqlite3 redis-cli \
        crontab supervisord gpg antiword pdflatex dot xvfb-run clamscan lftp java; do
        command -v "$program"
    done || :
}
section programs programs
section dpkg-packages dpkg_packages
section dpkg-automatic dpkg_automatic
section dpkg-architecture dpkg_architecture
section rpm-packages rpm_packages
section apk-packages apk_packages
section apk-world readable /etc/apk/world
