#!/bin/sh
# Installs what is built, or deletes it again: install.sh install|uninstall BUILD VERSION ABI, with PREFIX, LIBDIR and
# DESTDIR in the environment. Both walk the same list, so that nothing is left and nothing else is touched.
set -eu
what=$1 build=$2 version=$3 abi=$4
root=${DESTDIR-}
share=$PREFIX/share/sigmac

# put MODE SOURCE TARGET
put() {
  if [ "$what" = install ]; then install -D -m "$1" "$2" "$root$3"; else rm -f "$root$3"; fi
}

# link TEXT TARGET
link() {
  if [ "$what" = install ]; then ln -sf "$1" "$root$2"; else rm -f "$root$2"; fi
}

# library NAME NEEDS DESCRIPTION
library() {
  put 644 "$build/lib/lib$1.a" "$LIBDIR/lib$1.a"
  put 755 "$build/lib/lib$1.so.$version" "$LIBDIR/lib$1.so.$version"
  link "lib$1.so.$version" "$LIBDIR/lib$1.so.$abi"
  link "lib$1.so.$abi" "$LIBDIR/lib$1.so"
  case $LIBDIR in
  "$PREFIX"/*) libdir=\${prefix}${LIBDIR#"$PREFIX"} ;;
  *) libdir=$LIBDIR ;;
  esac
  if [ "$what" = install ]; then
    sed -e "s|@PREFIX@|$PREFIX|" -e "s|@LIBDIR@|$libdir|" -e "s|@NAME@|$1|" -e "s|@DESCRIPTION@|$3|" -e "s|@VERSION@|$version|" \
      -e "s|@NEEDS@|$2|" scripts/sigmac.pc.in >"$build/lib/$1.pc"
  fi
  put 644 "$build/lib/$1.pc" "$LIBDIR/pkgconfig/$1.pc"
}

put 755 "$build/sigmac" "$PREFIX/bin/sigmac"
put 644 include/sigmac.h "$PREFIX/include/sigmac.h"
library sigmac "libpcre2-8 yaml-0.1" "Sigma rules: compile and evaluate"
library sigmac-rt "libpcre2-8" "Sigma rules: evaluate compiled images"
find sigma-rules pipelines -type f | sort | while IFS= read -r f; do put 644 "$f" "$share/$f"; done
if [ "$what" = uninstall ] && [ -d "$root$share" ]; then find "$root$share" -depth -type d -empty -delete; fi
