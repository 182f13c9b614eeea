# The ratio of every row, and its share of the machine's limit: gnuplot -e "dir='DIR'" bars.gnuplot reads DIR/bars.dat.
set terminal pngcairo noenhanced size 1200,900 font "DejaVu Sans,11" background "#ffffff"
set output dir."/bars.png"
data = dir."/bars.dat"
set multiplot layout 2,1
set style fill solid 0.85 noborder
set border 3 lc rgb "#555555"
set tics nomirror textcolor rgb "#333333"
set grid ytics lc rgb "#dddddd"
set boxwidth 0.38
set xtics rotate by -35
unset key
set key top right
stats data using 2 nooutput
low = int(STATS_min); high = int(STATS_max)
blue = "#3b6fb6"; orange = "#e08a2e"; gray = "#999999"
row(t) = sprintf("< awk '$2 == %d' %s", t, data)

set title "Times as fast as LibTorch"
set logscale y
set yrange [0.5:*]
set ytics (0.5, 1, 2, 4, 8, 16, 32)
if (low == high) {
  plot row(low) using ($0):3:xtic(1) with boxes lc rgb blue title sprintf("%d threads", low), \
       1 with lines lc rgb "#333333" dt 2 notitle
} else {
  plot row(low) using ($0-0.2):3:xtic(1) with boxes lc rgb blue title sprintf("%d thread", low), \
       row(high) using ($0+0.2):3 with boxes lc rgb orange title sprintf("%d threads", high), \
       1 with lines lc rgb "#333333" dt 2 notitle
}
unset logscale y
set ytics auto
set yrange [0:*]
set format y "%g %%"
set title "Share of the limit (oneDNN's sgemm, or a copy); marks: LibTorch"
if (low == high) {
  plot row(low) using ($0):(100*$4):xtic(1) with boxes lc rgb blue notitle, \
       row(low) using ($0):(100*$5) with points pt 7 ps 0.8 lc rgb gray notitle
} else {
  plot row(low) using ($0-0.2):(100*$4):xtic(1) with boxes lc rgb blue notitle, \
       row(high) using ($0+0.2):(100*$4) with boxes lc rgb orange notitle, \
       row(low) using ($0-0.2):(100*$5) with points pt 7 ps 0.8 lc rgb "#333333" notitle, \
       row(high) using ($0+0.2):(100*$5) with points pt 7 ps 0.8 lc rgb "#333333" notitle
}
unset multiplot
