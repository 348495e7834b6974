trap 'exit 143' TERM
tenths=0
until [ -e /etc/muster/start ]; do
  if [ $((tenths % 100)) -eq 0 ]; then
    echo "mongod waits for its sidecar, for $((tenths / 10)) s so far: /etc/muster/start is not there yet. See: kubectl logs ${HOSTNAME:-POD} -c muster"
  fi
  if [ $tenths -lt 100 ]; then nap=0.1 tenths=$((tenths + 1)); else nap=1 tenths=$((tenths + 10)); fi
  sleep $nap & wait $!
done
exec "$@"
