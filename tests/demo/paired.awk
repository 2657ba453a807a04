# SPDX-License-Identifier: MIT
# One row of the demo's table. Each line read is a pair, "plain shim", of what both variants took in
# one round; name is what was measured. The interval is that of the median of the pairs' ratios, by
# the sign test: it supposes nothing of how the figures are distributed, and its confidence is exact.

function sort(v, n,	i, j, x)
{
	for (i = 2; i <= n; i++) {
		x = v[i]
		for (j = i - 1; j >= 1 && v[j] > x; j--)
			v[j + 1] = v[j]
		v[j + 1] = x
	}
}

function median(v, n)
{
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

NF == 2 && $1 > 0 && $2 > 0 {
	n++
	plain[n] = $1 + 0
	shim[n] = $2 + 0
	ratio[n] = $1 / $2
}

END {
	# The ranks rank and n + 1 - rank bound the median in all but 2 * tail of all cases.
	p = 0.5 ^ n
	while (tail + p <= 0.025) {
		tail += p
		p *= (n - rank) / (rank + 1)
		rank++
	}
	if (!rank) {
		print "paired.awk: " n + 0 " pairs of " name " are too few" >"/dev/stderr"
		exit 1
	}
	sort(plain, n)
	sort(shim, n)
	sort(ratio, n)
	low = ratio[rank]
	high = ratio[n + 1 - rank]
	conclusion = low > 1 ? "faster" : high < 1 ? "SLOWER" : "no difference"
	printf "  %-17s %8.0f %8.0f %7.2fx   %-16s %s\n", name, median(plain, n), median(shim, n),
		median(ratio, n), sprintf("%.2f to %.2f", low, high), conclusion
	if (note)
		printf "  %s %d;\n  its interval holds with %.1f %% confidence\n", note, n, 100 * (1 - 2 * tail)
}
