/**
 * Shell of the benchmark Job. The text is the same for every choice: what comes from data is in the environment and in the
 * configuration file, never in a line a shell reads.
 */

/** Waits until as many pods as needed answer, then sends the load: to the first of them, or to all through the Service. */
export const RUN_SCRIPT = `set -eu
addresses=""
ready() {
  addresses=$(getent ahosts "$PODS_HOST" | cut -d ' ' -f 1 | sort -u || true)
  [ "$(printf '%s\\n' "$addresses" | grep -c .)" -ge "$PODS" ]
}
until ready; do
  echo "waiting for $PODS ready pod(s) behind $PODS_HOST"
  sleep 10
done
cp /etc/inference-perf/config.yml /tmp/config.yml
if [ "$PODS" = 1 ]; then
  address=$(printf '%s\\n' "$addresses" | head -n 1)
  case $address in *:*) address="[$address]" ;; esac
  sed -i "s|^  base_url: .*|  base_url: http://$address:$PORT|" /tmp/config.yml
fi
exec inference-perf --config_file /tmp/config.yml
`;

/** Sends all results as one archive; what was stored before is recognised by the server. */
export const PUSH_SCRIPT = `set -eu
cd /results
tar -czf /tmp/results.tar.gz reports-*
if [ -n "\${IQ_TOKEN:-}" ]; then
  set -- -H "Authorization: Bearer $IQ_TOKEN"
fi
curl --fail-with-body --silent --show-error --retry 5 --retry-connrefused "$@" \\
  --data-binary @/tmp/results.tar.gz "$REPORT_URL"
`;

/** Prints the archive as text: kubectl logs is then all it takes to fetch it, long after the pod has ended. */
export const PRINT_SCRIPT = `set -eu
cp /etc/inference-perf/iq.yaml /results/iq.yaml
cd /results
tar -czf /tmp/results.tar.gz iq.yaml reports-*
base64 /tmp/results.tar.gz
`;
