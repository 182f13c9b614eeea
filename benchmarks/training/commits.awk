# Makes a table of the lines that compare_commits.sh collected: awk -v limit=R -f commits.awk results.txt
# A row is slower when its median ratio of new to old time exceeds R and so do three quarters of its rounds; exits 1 then.

function sort(list, v, n, i, j, x) {
  n = split(list, v, " ")
  for (i = 2; i <= n; i++) {
    x = v[i] + 0
    for (j = i - 1; j >= 1 && v[j] + 0 > x; j--) v[j + 1] = v[j]
    v[j + 1] = x
  }
  return n
}
function at(list, share, v, n) { n = sort(list, v); return v[1 + int((n - 1) * share)] }

{
  delete f
  for (i = 1; i <= NF; i++) {
    p = index($i, "=")
    f[substr($i, 1, p - 1)] = substr($i, p + 1)
  }
  key = f["workload"] SUBSEP f["threads"]; side = f["side"]; round = f["round"]
  if (!(key in seen)) { seen[key] = 1; order[++rows] = key }
  ms[key, side, round] = f["ms"]; all[key, side] = all[key, side] " " f["ms"]
  grown = f["peak_mb"] - f["base_mb"]
  if (!((key, side) in peak) || grown > peak[key, side]) peak[key, side] = grown
  other = side == "old" ? "new" : "old"
  if ((key, other, round) in ms) ratios[key] = ratios[key] " " ms[key, "new", round] / ms[key, "old", round]
}

END {
  print "| row | threads | old, ms | new, ms | new / old | quartiles | MB old | MB new | |"
  print "|---|---|---|---|---|---|---|---|---|"
  for (i = 1; i <= rows; i++) {
    key = order[i]; split(key, part, SUBSEP)
    middle = at(ratios[key], 0.5); low = at(ratios[key], 0.25); high = at(ratios[key], 0.75)
    verdict = middle > limit && low > limit ? "SLOWER" : middle < 1 / limit && high < 1 / limit ? "faster" : ""
    if (verdict == "SLOWER") bad = 1
    printf "| %s | %s | %.4g | %.4g | %.3f | %.3f ... %.3f | %.0f | %.0f | %s |\n", part[1], part[2], at(all[key, "old"], 0.5),
      at(all[key, "new"], 0.5), middle, low, high, peak[key, "old"], peak[key, "new"], verdict
  }
  exit bad
}
