# Makes a table of the lines that compare.sh collected: awk -v out=DIR -f table.awk results.txt
# Prints the table (Markdown) and writes table.json and bars.dat into DIR. Medians over rounds; a ratio is LibTorch's time
# by gradus's of the same round, its median stands in the table. Exits 1 when the two sides computed different things.

function median(list, n, v, i, j, x) {
  n = split(list, v, " ")
  if (n == 0) return ""
  for (i = 2; i <= n; i++) {
    x = v[i] + 0
    for (j = i - 1; j >= 1 && v[j] + 0 > x; j--) v[j + 1] = v[j]
    v[j + 1] = x
  }
  return n % 2 ? v[(n + 1) / 2] + 0 : (v[n / 2] + v[n / 2 + 1]) / 2
}
function largest(list, n, v, i, x) {
  n = split(list, v, " ")
  x = ""
  for (i = 1; i <= n; i++) if (x == "" || v[i] + 0 > x) x = v[i] + 0
  return x
}
function keep(what, value) { kept[key, side, what] = kept[key, side, what] " " value }
function got(key, side, what) { return kept[key, side, what] }
function number(x, digits) { return x == "" ? "-" : sprintf("%." digits "g", x) }
function fixed(x, digits) { return x == "" ? "-" : sprintf("%." digits "f", x) }
function percent(x) { return x == "" ? "-" : sprintf("%.0f %%", 100 * x) }
function apart(a, b) { return a == b ? 0 : ((a > b ? a - b : b - a) / ((a < 0 ? -a : a) + 1e-12)) }
function json(name, x) { return sprintf(", \"%s\": %s", name, x == "" ? "null" : x) }

# "64:50,160:35": the speed of a copy by the megabytes that it stays within.
function keep_copies(list, n, v, i, at) {
  n = split(list, v, ",")
  for (i = 1; i <= n; i++) {
    split(v[i], at, ":")
    keep("copy" at[1], at[2])
    if (!(at[1] in copied)) { copied[at[1]] = 1; sizes[++copy_sizes] = at[1] }
  }
}
# That of the largest copy which is not larger than what a process holds.
function copy_within(list, megabytes, n, v, i, at, speed) {
  n = split(list, v, ",")
  for (i = 1; i <= n; i++) {
    split(v[i], at, ":")
    if (i == 1 || at[1] <= megabytes) speed = at[2]
  }
  return speed
}

# The two sides agree on the first loss, the last loss and the parameters, or `reason` says where they do not.
function disagree(key, allowed, a, b, i, names) {
  split("loss_first loss_last norm", names, " ")
  for (i = 1; i <= 3; i++) {
    a = last[key, "gradus", names[i]]; b = last[key, "libtorch", names[i]]
    if (b == "") return ""
    if (a !~ /^-?[0-9]/ || b !~ /^-?[0-9]/ || apart(a, b) > (i == 1 ? 1e-5 : allowed + 0))
      return names[i] ": gradus " a ", LibTorch " b
  }
  return ""
}

{
  delete f
  for (i = 1; i <= NF; i++) {
    at = index($i, "=")
    f[substr($i, 1, at - 1)] = substr($i, at + 1)
  }
  side = f["side"]; round = f["round"]; threads = f["threads"]
}
side == "limits" { gflops[round, threads] = f["gflops"]; copies[round, threads] = f["copy_gbs"]
                   key = threads; keep("gflops", f["gflops"]); keep_copies(f["copy_gbs"]); cache = f["cache"]; next }
side != "limits" {
  key = f["workload"] SUBSEP threads
  if (!(key in seen)) { seen[key] = 1; order[++rows] = key; if (!(threads in counts)) { counts[threads] = 1; at_threads[++kinds] = threads } }
  keep("ms", f["ms"]); keep("first", f["first_ms"] / f["ms"]); keep("peak", f["peak_mb"]); keep("grown", f["peak_mb"] - f["base_mb"])
  keep("start", f["start_ms"]); keep("late", f["end_mb"] - f["early_mb"])
  ms[key, side, round] = f["ms"]
  flops[key] = f["flops"]; bytes[key] = f["bytes"]; tolerance[key] = f["tolerance"]
  last[key, side, "loss_first"] = f["loss_first"]; last[key, side, "loss_last"] = f["loss_last"]; last[key, side, "norm"] = f["norm"]
  if ((round, threads) in gflops) {
    # What stays in the cache is not limited by a copy through memory.
    limit = f["flops"] / gflops[round, threads] * 1e-6
    by_copies = f["bytes"] / copy_within(copies[round, threads], f["peak_mb"] - f["base_mb"]) * 1e-6
    if (f["bytes"] + 0 > 4 * cache && by_copies > limit) limit = by_copies
    keep("share", limit / f["ms"])
  }
  other = side == "gradus" ? "libtorch" : "gradus"
  if ((key, other, round) in ms) ratios[key] = ratios[key] " " ms[key, "libtorch", round] / ms[key, "gradus", round]
}

END {
  print "| row | threads | gradus, ms | LibTorch, ms | ratio | of the limit | LibTorch's | MB | LibTorch's | first step | LibTorch's | Mflop | MB moved |"
  print "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
  printf "{\n  \"rows\": [" > (out "/table.json")
  for (i = 1; i <= rows; i++) {
    key = order[i]; split(key, part, SUBSEP)
    a = median(got(key, "gradus", "ms")); b = median(got(key, "libtorch", "ms")); ratio = median(ratios[key])
    share = median(got(key, "gradus", "share")); share_b = median(got(key, "libtorch", "share"))
    grown = largest(got(key, "gradus", "grown")); grown_b = largest(got(key, "libtorch", "grown"))
    peak = largest(got(key, "gradus", "peak")); peak_b = largest(got(key, "libtorch", "peak"))
    first = median(got(key, "gradus", "first")); first_b = median(got(key, "libtorch", "first"))
    printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %.4g | %.4g |\n", part[1], part[2], number(a, 3), number(b, 3),
      fixed(ratio, 2), percent(share), percent(share_b), fixed(grown, 0), fixed(grown_b, 0), fixed(first, 1), fixed(first_b, 1),
      flops[key] / 1e6, bytes[key] / 1e6
    printf "%s\n    {\"row\": \"%s\", \"threads\": %s%s%s%s%s%s%s%s%s%s%s%s, \"flops\": %s, \"bytes\": %s%s%s%s%s%s%s}", (i > 1 ? "," : ""), part[1], part[2],
      json("gradus_ms", a), json("libtorch_ms", b), json("ratio", ratio), json("gradus_of_limit", share), json("libtorch_of_limit", share_b),
      json("gradus_peak_mb", peak), json("libtorch_peak_mb", peak_b), json("gradus_grown_mb", grown), json("libtorch_grown_mb", grown_b),
      json("gradus_first_step", first), json("libtorch_first_step", first_b), flops[key], bytes[key],
      json("gradus_loss_first", last[key, "gradus", "loss_first"]), json("libtorch_loss_first", last[key, "libtorch", "loss_first"]),
      json("gradus_loss_last", last[key, "gradus", "loss_last"]), json("libtorch_loss_last", last[key, "libtorch", "loss_last"]),
      json("gradus_late_mb", median(got(key, "gradus", "late"))), json("libtorch_late_mb", median(got(key, "libtorch", "late"))) > (out "/table.json")
    printf "%s %s %s %s %s\n", part[1], part[2], ratio == "" ? "NaN" : ratio, share == "" ? "NaN" : share, share_b == "" ? "NaN" : share_b > (out "/bars.dat")
    reason = disagree(key, tolerance[key])
    if (reason != "") wrong = wrong "\n  " part[1] ", " part[2] " threads: " reason
    if (ratio != "") {
      if (part[1] !~ /^(infer|adamw|epochs)/) { logs[part[2]] += log(ratio); n[part[2]]++ }
      if (ratio < 1) missed = missed "\n  " part[1] ", " part[2] " threads: " fixed(ratio, 2) " (at least 1.0 wanted)"
      if (b < 1 && ratio < 6) missed = missed "\n  " part[1] ", " part[2] " threads: " fixed(ratio, 2) " (under 1 ms: at least 6 wanted)"
      if (grown > grown_b) missed = missed "\n  " part[1] ", " part[2] " threads: " fixed(grown, 0) " MB held (LibTorch " fixed(grown_b, 0) ")"
    }
    if (part[1] ~ /^adamw/ && share != "" && share < 0.8)
      missed = missed "\n  " part[1] ", " part[2] " threads: " percent(share) " of a copy (80 % wanted)"
    wanted = part[2] == 1 ? 0.6 : 0.5
    if (part[1] ~ /^(mlp_norm_512|lenet_64|vgg11|resnet18)/ && share != "" && share < wanted)
      missed = missed "\n  " part[1] ", " part[2] " threads: " percent(share) " of the limit (" percent(wanted) " wanted)"
  }
  printf "\n  ],\n  \"limits\": [" > (out "/table.json")
  for (k = 1; k <= kinds; k++) {
    t = at_threads[k]
    printf "%s\n    {\"threads\": %s%s%s", (k > 1 ? "," : ""), t, json("sgemm_gflops", median(got(t, "limits", "gflops"))),
      json("geometric_mean", n[t] ? exp(logs[t] / n[t]) : "") > (out "/table.json")
    for (i = 1; i <= copy_sizes; i++)
      printf "%s", json("copy_" sizes[i] "_mb_gbs", median(got(t, "limits", "copy" sizes[i]))) > (out "/table.json")
    printf "}" > (out "/table.json")
  }
  printf "\n  ]\n}\n" > (out "/table.json")
  print ""
  for (k = 1; k <= kinds; k++) {
    t = at_threads[k]
    printf "%s thread%s: sgemm %s GFLOP/s, copy", t, t == 1 ? "" : "s", number(median(got(t, "limits", "gflops")), 4)
    for (i = 1; i <= copy_sizes; i++)
      printf "%s %s GB/s within %s MB", (i > 1 ? "," : ""), number(median(got(t, "limits", "copy" sizes[i])), 3), sizes[i]
    if (n[t]) printf "; geometric mean of %d training rows %.2f", n[t], exp(logs[t] / n[t])
    print "."
  }
  key = ("xor" SUBSEP at_threads[1])
  if (key in seen) printf "Process start to first tensor: %s ms, LibTorch %s ms.\n", number(median(got(key, "gradus", "start")), 3), number(median(got(key, "libtorch", "start")), 3)
  key = ("epochs" SUBSEP at_threads[1])
  if (key in seen) printf "Memory gained from epoch 10 to epoch 100 of random batch sizes: %s MB, LibTorch %s MB.\n",
    fixed(median(got(key, "gradus", "late")), 1), fixed(median(got(key, "libtorch", "late")), 1)
  if (missed != "") print "\nTargets missed:" missed
  if (wrong != "") { print "\nThe sides computed DIFFERENT things:" wrong; exit 1 }
}
