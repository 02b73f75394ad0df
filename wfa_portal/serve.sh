# Serves the portal with one worker for long work beside it; whatever ends the one ends the other.
# Ctrl-C reaches both, because they are in the terminal's group; TERM reaches this shell, which passes it on.
bin=$1

"$bin"/python manage.py db_worker --verbosity 0 --no-reload &
worker=$!
"$bin"/gunicorn wfa_portal.wsgi --bind "127.0.0.1:$PORT" --workers 2 --timeout 300 --log-level warning &
server=$!

stop() {
    trap '' INT TERM EXIT
    kill -TERM "$server" "$worker" 2>/dev/null
    wait
}
trap 'stop; exit 0' INT TERM
trap stop EXIT

# A worker that ends by itself is started again: pages work without it, large imports and rounds of the watcher wait.
while kill -0 "$server" 2>/dev/null; do
    if ! kill -0 "$worker" 2>/dev/null; then
        "$bin"/python manage.py db_worker --verbosity 0 --no-reload &
        worker=$!
    fi
    sleep 1
done
