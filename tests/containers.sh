# Sourced by run.sh: decides where the tests get PostgreSQL from, and says so.
#
#   1. from a connection string in AUTH_TESTS_POSTGRES;
#   2. else from Testcontainers, when a container engine answers. On Debian without an engine podman is set up, and the
#      image is made from the PostgreSQL packages of this machine, so no image registry is needed;
#   3. else from the PostgreSQL programs of this machine. An engine that does not work is never the reason for a failed run.
#
# Sets AUTH_TESTS_POSTGRES for the tests (see tests/README.md), and DOCKER_HOST when it has set up podman.
# Uses $work, say, stop and install_packages of run.sh. stop_containers undoes everything.

podman_packages=(podman runc netavark aardvark-dns containernetworking-plugins iptables)
podman_service=""
export AUTH_TESTS_RUN=$$-${work##*.} # the label of this run's containers

choose_postgres() {
  local reason=""
  case ${AUTH_TESTS_POSTGRES:-} in
    "" | container)
      if engine_works; then
        say "PostgreSQL: Testcontainers on the container engine of this machine"
        AUTH_TESTS_POSTGRES=container
      elif [ -z "$reason" ] && podman_works; then
        say "PostgreSQL: Testcontainers on podman, image $AUTH_TESTS_POSTGRES_IMAGE"
        AUTH_TESTS_POSTGRES=container
      elif [ "${AUTH_TESTS_POSTGRES:-}" = container ]; then
        stop "PostgreSQL: AUTH_TESTS_POSTGRES asks for a container, but $reason."
      else
        say "PostgreSQL: this machine's programs, because $reason"
        AUTH_TESTS_POSTGRES=programs
      fi
      export AUTH_TESTS_POSTGRES
      ;;
    programs) say "PostgreSQL: this machine's programs, as AUTH_TESTS_POSTGRES asks" ;;
    *) say "PostgreSQL: the server that AUTH_TESTS_POSTGRES names" ;;
  esac
}

# An engine that was here before us, such as Docker on a developer's machine.
engine_works() {
  command -v docker >/dev/null && timeout 20 docker version >/dev/null 2>&1 || return 1
  local image=${AUTH_TESTS_POSTGRES_IMAGE:-postgres:$(postgres_major)}
  docker image inspect "$image" >/dev/null 2>&1 || timeout 300 docker pull -q "$image" >"$work/engine.log" 2>&1 || {
    reason="the container engine cannot get the image $image"
    return 1
  }
}

# The newest PostgreSQL of this machine, chosen as in tests/TestSupport/Postgres/PostgresPrograms.cs.
postgres_bin() {
  local newest
  newest=$(ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -V | tail -n 1)
  dirname "${newest:-$(command -v postgres)}"
}
postgres_major() { { "$(postgres_bin)/postgres" --version 2>/dev/null || echo 15; } | sed 's/^[^0-9]*\([0-9]*\).*/\1/'; }

# ---- Podman on Debian -------------------------------------------------------------------------------------------------

podman_works() {
  local log=$work/podman.log
  [ -f /etc/debian_version ] || { reason="docker finds no container engine"; return 1; }
  if [ "$(id -u)" -eq 0 ]; then root=(); elif sudo -n true 2>/dev/null; then root=(sudo -n); else
    reason="docker finds no container engine, and setting up podman needs root or sudo without a password"
    return 1
  fi
  [ "$(dpkg-query -W -f '${Status}\n' "${podman_packages[@]}" 2>/dev/null | grep -c '^install ok')" -eq ${#podman_packages[@]} ] || {
    say "Installing ${podman_packages[*]}"
    install_packages "${podman_packages[@]}" || { reason="apt-get could not install podman"; return 1; }
  }
  configure_podman
  make_image >"$log" 2>&1 || { reason="podman could not make the image: $(tail -n 1 "$log")"; return 1; }
  start_podman >"$log" 2>&1 || { reason="podman's service did not start: $(tail -n 1 "$log")"; return 1; }
  try_container >"$log" 2>&1 || {
    reason="podman could not run a container: $(grep -v '^$' "$log" | tail -n 1)"
    stop_containers
    return 1
  }
  export DOCKER_HOST=unix://$socket TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
}

podman_() { "${root[@]}" env CONTAINERS_CONF="$work/containers.conf" timeout 60 podman "$@" </dev/null; }

# No systemd is assumed, and no limit above what this shell may have: a runtime without CAP_SYS_RESOURCE refuses those.
configure_podman() {
  local files processes
  files=$(ulimit -Hn) processes=$(ulimit -Hu)
  [ "$files" != unlimited ] && [ "$files" -lt 4096 ] || files=4096
  [ "$processes" != unlimited ] && [ "$processes" -lt 4096 ] || processes=4096
  cat >"$work/containers.conf" <<END
[containers]
default_ulimits = ["nofile=$files:$files", "nproc=$processes:$processes"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
END
}

# podman's service, for as long as this run; after an hour without a request it ends by itself. Its own shell writes its
# pid into a file, because sudo would hide it.
start_podman() {
  remove_forgotten
  socket=$work/podman.sock
  "${root[@]}" env CONTAINERS_CONF="$work/containers.conf" sh -c \
    'echo $$ >"$1"; exec podman system service --time=3600 "unix://$2"' serve "$work/podman.pid" "$socket" \
    </dev/null >"$work/podman-service.log" 2>&1 &
  disown $! # not among the jobs that run.sh waits for
  local attempt
  for attempt in $(seq 100); do
    [ -S "$socket" ] && break
    sleep 0.1
  done
  podman_service=$(cat "$work/podman.pid")
  [ ${#root[@]} -eq 0 ] || "${root[@]}" chown "$(id -u)" "$socket"
  podman_ --url "unix://$socket" version
}

# Containers of runs that were killed before they could clean up.
remove_forgotten() {
  local id run
  podman_ ps -a --filter label=auth-tests-run --format '{{.ID}} {{index .Labels "auth-tests-run"}}' |
    while read -r id run; do
      [ -d "/proc/${run%%-*}" ] || podman_ rm -f -v -t 0 "$id"
    done
}

# As Testcontainers will do it: through the service, with a mapped port that answers.
try_container() {
  local id port attempt
  id=$(podman_ --url "unix://$socket" run -d --label "auth-tests-run=$AUTH_TESTS_RUN" -p 127.0.0.1::5432 \
    -e POSTGRES_PASSWORD=postgres -e POSTGRES_INITDB_ARGS=--no-sync "$AUTH_TESTS_POSTGRES_IMAGE") || return 1
  port=$(podman_ port "$id" 5432 | sed 's/.*://')
  for attempt in $(seq 60); do
    "$(postgres_bin)/pg_isready" -q -h 127.0.0.1 -p "$port" && break
    sleep 0.5
  done
  "$(postgres_bin)/pg_isready" -h 127.0.0.1 -p "$port" || { podman_ logs "$id"; return 1; }
  podman_ rm -f -v -t 0 "$id"
}

# The service first: after that no test can start another container.
stop_containers() {
  [ -n "$podman_service" ] || return 0
  local containers
  "${root[@]}" kill "$podman_service" 2>/dev/null
  podman_service=""
  containers=$(podman_ ps -aq --filter "label=auth-tests-run=$AUTH_TESTS_RUN" 2>/dev/null)
  [ -z "$containers" ] || podman_ rm -f -v -t 0 $containers >/dev/null 2>&1
}

# ---- The image --------------------------------------------------------------------------------------------------------

# An image like docker.io/library/postgres in what the tests use, from the packages that are installed here. Podman keeps
# it; another one is made when PostgreSQL or what is written here has changed.
make_image() {
  local bin major version
  bin=$(postgres_bin) major=$(postgres_major)
  version=$({ "$bin/postgres" --version && declare -f make_image entry_point; } | sha256sum | cut -c 1-12)
  export AUTH_TESTS_POSTGRES_IMAGE=localhost/auth-tests-postgres:$major-$version
  podman_ image exists "$AUTH_TESTS_POSTGRES_IMAGE" && return

  local programs modules libraries files=$work/image
  programs=("$bin"/{postgres,initdb,pg_ctl,pg_isready,psql} /bin/sh)
  # The just-in-time compiler would be two thirds of the image.
  modules=($(ls -d "${bin%/bin}"/lib/*.so | grep -v llvmjit))
  libraries=($(ldd "${programs[@]}" "${modules[@]}" | grep -o '/[^ :)]*' | grep '\.so' | sort -u))
  mkdir -p "$files"/etc "$files"/tmp "$files"/var/lib/postgresql/data "$files"/var/run/postgresql
  chmod 1777 "$files/tmp"
  printf 'root:x:0:0::/:/bin/sh\npostgres:x:999:999::/var/lib/postgresql:/bin/sh\n' >"$files/etc/passwd"
  printf 'root:x:0:\npostgres:x:999:\n' >"$files/etc/group"
  entry_point >"$files/entry-point"
  chmod 755 "$files/entry-point"

  tar -chf "$files.tar" --owner=0 --group=0 -C / $(printf '%s\n' "${programs[@]}" "${modules[@]}" "${libraries[@]}" \
    "/usr/share/postgresql/$major" /usr/share/zoneinfo | sort -u | sed 's|^/||') &&
    tar -rf "$files.tar" --owner=0 --group=0 -C "$files" etc tmp entry-point &&
    tar -rf "$files.tar" --owner=999 --group=999 -C "$files" var/lib/postgresql var/run/postgresql &&
    podman_ import --change "ENV PATH=$bin:/usr/bin:/bin" --change "ENV PGDATA=/var/lib/postgresql/data" \
      --change "USER postgres" --change "EXPOSE 5432" --change "STOPSIGNAL SIGINT" \
      --change 'ENTRYPOINT ["/entry-point"]' "$files.tar" "$AUTH_TESTS_POSTGRES_IMAGE" &&
    rm -rf "$files" "$files.tar"
}

# What the official image's entry point does with POSTGRES_USER, _PASSWORD, _DB, _INITDB_ARGS and the server's arguments.
entry_point() {
  cat <<'END'
#!/bin/sh
set -e
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
  initdb -D "$PGDATA" -U "${POSTGRES_USER:-postgres}" --pwfile=/tmp/password --auth-local=trust \
    --auth-host=scram-sha-256 $POSTGRES_INITDB_ARGS
  : >/tmp/password
  printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  printf "\nlisten_addresses = '*'\n" >>"$PGDATA/postgresql.conf"
  database=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
  [ "$database" = postgres ] || printf 'CREATE DATABASE "%s";\n' "$database" | postgres --single -D "$PGDATA" postgres
fi
case ${1:--} in -*) set -- postgres "$@" ;; esac
exec "$@"
END
}
