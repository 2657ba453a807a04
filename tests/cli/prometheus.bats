#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper sets them
# regwait stat --openmetrics, as a real Prometheus sees it by way of a node exporter.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
	for program in prometheus promtool prometheus-node-exporter; do
		command -v $program >/dev/null || skip "there is no $program"
	done
}

teardown() { tool_teardown; }

# A port that nobody listens on.
free_port() {
	local port
	for port in {19100..19400}; do
		if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && [ "$port" != "${1:-}" ]; then
			echo "$port"
			return
		fi
	done
	return 1
}

write_metrics() {
	"$CLI" stat --openmetrics >"$OUT/text/regwait.tmp" && mv "$OUT/text/regwait.tmp" "$OUT/text/regwait.prom"
}

asked() {
	write_metrics
	promtool query instant "http://127.0.0.1:$server" "$1" >"$OUT/answer" 2>/dev/null && grep -qE "$2" "$OUT/answer"
}

@test "scraped by way of the textfile collector, and the manual's rules hold" {
	unique_copy "$BIN/waiter"
	begin "$copy" 0 1000
	mkdir "$OUT/text"
	exporter=$(free_port)
	server=$(free_port "$exporter")
	prometheus-node-exporter --web.listen-address="127.0.0.1:$exporter" --collector.disable-defaults \
		--collector.textfile --collector.textfile.directory="$OUT/text" >"$OUT/exporter" 2>&1 3>&- &
	STARTED+=("$!")
	# The rules as the manual prints them.
	sed -n '/^groups:$/,/^```$/p' "$TOP/tools/regwait.1.scd" | grep -v '^```' >"$OUT/rules.yml"
	promtool check rules "$OUT/rules.yml"
	cat >"$OUT/prometheus.yml" <<-END
		global: { scrape_interval: 1s, evaluation_interval: 1s }
		rule_files: [$OUT/rules.yml]
		scrape_configs:
		- job_name: node
		  static_configs: [{ targets: ["127.0.0.1:$exporter"] }]
	END
	prometheus --config.file="$OUT/prometheus.yml" --storage.tsdb.path="$OUT/data" \
		--web.listen-address="127.0.0.1:$server" >"$OUT/prometheus" 2>&1 3>&- &
	STARTED+=("$!")
	until_true asked "rate(regwait_waits_total{program='$name',outcome='registered'}[10s]) > 0" "$name"
	until_true asked "regwait_rings_total{program='$name',outcome='armed'} == 1" "$name"
	until_true asked 'node_textfile_scrape_error == 0' '=> 0'
	# A program whose rings are not armed triggers the alert.
	ready=has_page REGWAIT_MAX_RINGS=0 begin "$copy" 0 1000
	until_true asked "ALERTS{alertname='RingsNotArmed',program='$name',reason='too-many-rings'}" RingsNotArmed
}

has_page() {
	"$CLI" stat "$1" >/dev/null 2>&1
}
