# The median of numbers with spaces between them: awk "$(<scripts/median.awk)"'...'
function median(list, n, v, i, j, x) {
  n = split(list, v, " ")
  for (i = 2; i <= n; ++i)
    for (j = i; j > 1 && v[j] + 0 < v[j - 1] + 0; --j) { x = v[j]; v[j] = v[j - 1]; v[j - 1] = x }
  return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}
