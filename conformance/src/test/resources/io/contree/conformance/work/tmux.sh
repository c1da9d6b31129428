# tmux: a server in each step, over what the one before left. Needs: tmux
# Only output

--- a session
export TERM=xterm; tmux -L w new-session -d -s one -x 80 -y 24 'echo first > out; exec sh'; for i in $(seq 100); do [ -s out ] && break; sleep 0.1; done; cat out; tmux -L w ls -F '#{session_name} #{session_windows}'

--- its socket is there, its server is not
export TERM=xterm; ls /tmp/tmux-0; tmux -L w ls 2>&1 | sed 's/(.*//'; tmux -L w new-session -d -s two -x 80 -y 24; tmux -L w send-keys -t two 'echo "ty"ped > typed' Enter; for i in $(seq 100); do [ -s typed ] && break; sleep 0.1; done; cat typed out; tmux -L w kill-server

--- and again
export TERM=xterm; tmux -L w new-session -d -s three -x 80 -y 24 'cat typed; sleep 60'; for i in $(seq 100); do case "$(tmux -L w capture-pane -p -t three)" in *typed*) break ;; esac; sleep 0.1; done; tmux -L w capture-pane -p -t three | grep -c typed
