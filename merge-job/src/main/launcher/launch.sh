# Starts Java: what ./stockpot of a checkout and bin/stockpot of an archive have in common. Sourced, with these set:
#
#   jar, libraries   our jar, and the folder of those of Spark
#   tables           the folder of those of Spark SQL, for commands on tables alone
#   launcher         the folder of this file
#   built            a folder for the class data archive that makes starts fast; where it can't be written, starts are slower
#   java             the Java to use; unset: that of JAVA_HOME, or of the PATH
#   prepare          a function that makes the jar
#
# What users can set:
#
#   JAVA_HOME            the Java to use, 17 or later; otherwise the one on the PATH. An archive has its own
#   STOCKPOT_HEAP        heap of the JVM (1g); tensors live outside it
#   STOCKPOT_JAVA_OPTS   more JVM options, such as -Xlog:gc
#   STOCKPOT_LOG         info: also tell which kernels run, and why not others
#   STOCKPOT_JARS        jars with merge methods of your own, separated by colons
#   STOCKPOT_ARCHIVE     off: do without the class data archive
# shellcheck shell=sh disable=SC2154 # set by who sources this

fail() {
  echo "stockpot: $1" >&2
  exit 1
}

# --- Java ---

if [ -n "${java-}" ]; then
  :
elif [ -n "${JAVA_HOME-}" ]; then
  java=$JAVA_HOME/bin/java
  [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, but there is no bin/java. Point it to a JDK 17 or later, or unset it."
else
  java=$(command -v java) || fail "Java is missing. Install a JDK 17 or later and put it on the PATH, or set JAVA_HOME."
fi

# A JDK's release file tells its version without starting it
version=
modules=
release=$(dirname "$(dirname "$(readlink -f "$java")")")/release
if [ -r "$release" ]; then
  while IFS='=' read -r key value; do
    [ "$key" != JAVA_RUNTIME_VERSION ] || version=$value
    [ "$key" != JAVA_VERSION ] || [ -n "$version" ] || version=$value
    [ "$key" != MODULES ] || modules=$value
  done <"$release"
fi
version=${version#\"}
version=${version%%[!0-9A-Za-z.+_-]*}
if [ -z "$version" ]; then
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
fi
case ${version%%[!0-9]*} in
  '' | ? | 1[0-6]) fail "$java is version ${version:-unknown}; 17 or later is needed. Set JAVA_HOME to a newer JDK." ;;
esac

# Lanes need a module that smaller runtimes leave out, and a JVM that is told to add it does not start without; plain loops
# compute the same
[ -n "$modules" ] || modules=$("$java" --list-modules 2>/dev/null) || modules=
case $modules in
  *jdk.incubator.vector*) lanes=--add-modules=jdk.incubator.vector ;;
  *) lanes= ;;
esac

# Names of files are bytes: without UTF-8, as in cron and bare containers, a JVM cannot spell those beyond ASCII
case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
  *[Uu][Tt][Ff]-8* | *[Uu][Tt][Ff]8*) ;;
  *)
    LC_ALL=C.UTF-8
    export LC_ALL
    ;;
esac

quiet=false
for argument; do
  [ "$argument" != --quiet ] || quiet=true
done

say() {
  $quiet || echo "$1" >&2
}

# --- Run ---

prepare

classpath=$jar
for library in "$libraries"/*.jar; do
  classpath=$classpath:$library
done
main=${STOCKPOT_MAIN:-dev.stockpot.merge.cli.Main} # Python starts a gateway to the same classes
[ ! -t 2 ] || export STOCKPOT_TERMINAL=1 # progress bars are for people
archive=$built/stockpot-$version.jsa
export SPARK_LOCAL_IP="${SPARK_LOCAL_IP:-127.0.0.1}"

# Only words that are known to need neither Spark nor kernels do without the vector module
command=
for argument; do
  case $argument in
    -*) ;;
    *)
      command=$argument
      break
      ;;
  esac
done
case $command in
  '' | plan | inspect | verify | methods | doctor | help | man | generate-completion) merges=false ;;
  *) merges=true ;;
esac

run_java() {
  "$java" "@$launcher/java-options" "-Dlog4j2.configurationFile=file:$launcher/log4j2.properties" \
    -cp "$classpath" "-Xmx${STOCKPOT_HEAP:-1g}" "$@"
}

# The JVM says that the module incubates before a line of ours runs, and cannot be told not to. All else comes through.
without_incubator_warning() {
  pipe=$(mktemp -d) || return 0
  mkfifo "$pipe/stderr" || return 0
  {
    trap '' HUP INT TERM # it ends when Java does
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
        'WARNING: Using incubator modules: jdk.incubator.vector') ;;
        *) printf '%s\n' "$line" ;;
      esac
    done
  } <"$pipe/stderr" >&2 &
  exec 2>"$pipe/stderr"
  rm -r "$pipe"
}

# Half of a start is the loading of Spark's and Hadoop's classes. A rehearsal in a scratch folder writes them to an archive
# that later starts map into memory. An empty archive marks one that failed: it is not repeated.
prepare_fast_start() {
  say "Preparing faster starts, once after each build ..."
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch" "$archive.$$"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  (cd "$scratch" && run_java ${lanes:+"$lanes"} "-XX:ArchiveClassesAtExit=$archive.$$" \
    dev.stockpot.merge.cli.Rehearsal quickstart) >"$scratch/log" 2>&1 </dev/null || rm -f "$archive.$$"
  [ -f "$archive.$$" ] || : >"$archive.$$"
  mv -f "$archive.$$" "$archive"
  rm -rf "$scratch"
  trap - EXIT INT TERM
}

if $merges && [ "${STOCKPOT_ARCHIVE-on}" != off ] && [ -w "$built" ] &&
  { [ ! -e "$archive" ] || [ "$jar" -nt "$archive" ]; }; then
  prepare_fast_start
fi

# At the end: the archive holds for a class path that begins as the one it was made with
case $command in
  ensemble | calibrate | teach)
    for library in "$tables"/*.jar; do
      classpath=$classpath:$library
    done
    ;;
esac
classpath=$classpath${STOCKPOT_JARS:+:$STOCKPOT_JARS}
set -- "$main" "$@"
# shellcheck disable=SC2086 # several options in one variable
set -- ${STOCKPOT_JAVA_OPTS-} "$@"
if $merges || [ "$command" = doctor ]; then # which tells what a merge would find
  set -- ${lanes:+"$lanes"} "$@"
elif [ "$command" != verify ]; then
  # Over before better code would pay, or a heap that grows step by step: of models with 100,000 tensors that took a third.
  # Threads that read headers take buffers of the heap for their objects: of megabytes, they used it up, and never filled them.
  case ${STOCKPOT_JAVA_OPTS-} in
    *-Xmx* | *MaxHeapSize* | *MaxRAM*) ;; # a JVM whose heap begins above its end does not start
    *) set -- "-Xms${STOCKPOT_HEAP:-1g}" "$@" ;;
  esac
  set -- -XX:TieredStopAtLevel=1 -XX:TLABSize=128k "$@"
fi
if $quiet; then
  set -- -Dlog.level.stockpot=error "$@"
  [ -z "$lanes" ] || without_incubator_warning
fi
if [ -s "$archive" ] && [ "${STOCKPOT_ARCHIVE-on}" != off ]; then
  set -- "-XX:SharedArchiveFile=$archive" "$@"
fi
exec "$java" "@$launcher/java-options" "-Dlog4j2.configurationFile=file:$launcher/log4j2.properties" \
  -cp "$classpath" "-Xmx${STOCKPOT_HEAP:-1g}" "$@"
