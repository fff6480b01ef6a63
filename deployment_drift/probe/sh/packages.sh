# Every package of every package manager that is here. No pipe hides that one of them failed.

dpkg_packages() {
    command -v dpkg-query >/dev/null || { untold dpkg-query /var/lib/dpkg/status /var/lib/dpkg/status.d; return; }
    dpkg-query -W -f "$dpkg_wanted"
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
# programs: list programs that applications in PHP call, as far as they are here.
programs() {
    found=$(paths_of_programs) && with_names "$found" ls -ldL || : # busybox names programs of its own
}
paths_of_programs() {
    for program in gs pdftotext pdftoppm pdfinfo qpdf ffmpeg ffprobe convert magick identify wkhtmltopdf \
        wkhtmltoimage chromium inkscape soffice libreoffice exiftool jpegoptim optipng pngquant cwebp gifsicle \
        tesseract sendmail git svn unzip zip 7z rsync curl wget ssh node npm composer mysql psql sqlite3 redis-cli \
        crontab supervisord gpg antiword pdflatex dot xvfb-run clamscan lftp java sudo su ping postdrop; do
        command -v "$program"
    done || :
}
quick programs programs
case $dpkg_said in
    *"	dpkg	"*) by_awk dpkg-packages 'packages()' && by_awk dpkg-architecture 'architecture()' ;;
    *) quick dpkg-packages dpkg_packages && quick dpkg-architecture dpkg_architecture ;;
esac
by_awk dpkg-automatic 'automatic("/var/lib/apt/extended_states")' /var/lib/apt/extended_states
quick rpm-packages rpm_packages
quick apk-packages apk_packages
by_awk apk-world 'copy("/etc/apk/world")' /etc/apk/world
