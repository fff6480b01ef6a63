
# What is printed begins and ends with lines of `frame`. The key leaves the environment.
secret=${DRIFT_KEY:-$secret}
unset DRIFT_KEY
echo "deployment-drift snapshot 1 $frame"

