# How configuration files are read: their lines, and what is said of them on lines with "@@".

# lines APART FILE...: their lines with numbers, cut behind what APART matches, since mask hides a
# secret up to the end of its line.
lines() {
    apart=$1
    shift
    for file; do
        shift
        if closed "$file"; then echo "@@ refused $file"; elif [ -f "$file" ]; then set -- "$@" "$file"; fi
    done
    [ $# -gt 0 ] || return 0
    awk -v apart="$apart" 'FNR == 1 { print "@@ file " FILENAME } {
        if (apart) gsub(apart, "&\n")
        count = split($0, piece, "\n")
        for (i = 1; i <= count; i++) if (i == 1 || piece[i] != "") print FNR "\t" piece[i]
    }' "$@"
}

# printing APART FILE...: the same, and which of the files a package brought just so.
printing() {
    lines "$@"
    shift
    untouched "$@"
}

# untouched FILE...: those whose hash is one that the packages of web servers list.
untouched() {
    [ "$dpkg_said" ] && command -v md5sum >/dev/null || return 0
    hashes=$(md5sum "$@" 2>/dev/null)
    set --
    for list in /var/lib/dpkg/info/*nginx*.md5sums /var/lib/dpkg/info/*apache2*.md5sums; do
        [ ! -r "$list" ] || set -- "$@" "$list"
    done
    printf '%s\n\n%s\n' "$hashes" "$dpkg_said" | awk '
        !over { if (!NF) over = 1; else files[$1] = files[$1] "@@ stock " substr($0, 35) "\n"; next }
        { for (i = 1; i <= 2; i++) if ($i in files) { printf "%s", files[$i]; delete files[$i] } }' - "$@"
}
