// What LibTorch 2.13.0 printed for the expressions of print_cases.inc; written by print.cc.
#pragma once

// clang-format off
inline const char* const print_values[] = {
R"( 1
 2
 3
[ CPULongType{3} ])",
R"( 1.5000
 2.0000
[ CPUDoubleType{2} ])",
R"( 7
 8
[ CPUIntType{2} ])",
R"( 200
   8
[ CPUByteType{2} ])",
R"( 1
 0
[ CPUBoolType{2} ])",
R"(3
[ CPUFloatType{} ])",
R"(2.5
[ CPUFloatType{} ])",
R"(9.999999717180685e-10
[ CPUFloatType{} ])",
R"(-7
[ CPULongType{} ])",
R"(1234567
[ CPULongType{} ])",
R"(123456789012
[ CPULongType{} ])",
R"(nan
[ CPUFloatType{} ])",
R"(1
[ CPUBoolType{} ])",
R"( 1.2346e+11
-5.0000e+00
[ CPULongType{2} ])",
R"( 9.0072e+15
 1.0000e+00
[ CPULongType{2} ])",
R"(    nan
    inf
   -inf
 1.5000
[ CPUFloatType{4} ])",
R"(nan
inf
-inf
 2
[ CPUFloatType{4} ])",
R"(nan
nan
[ CPUFloatType{2} ])",
R"( 1.0000e-05
 1.0000e+00
 1.0000e+05
[ CPUFloatType{3} ])",
R"( 1.0000e+10
 2.5000e+10
[ CPUFloatType{2} ])",
R"(1e-08 *
 1.0000
 2.0000
[ CPUFloatType{2} ])",
R"(100000 *
 1.2346
 2.3457
[ CPUFloatType{2} ])",
R"( 0.0010
 0.5000
[ CPUFloatType{2} ])",
R"(0.01 *
 1.0000
 2.0000
[ CPUFloatType{2} ])",
R"( 1.0000e+100
  1.5000e+00
[ CPUDoubleType{2} ])",
R"( 1.0000e-120
  1.5000e+00
[ CPUDoubleType{2} ])",
R"( 99999.5000
 12345.5000
[ CPUFloatType{2} ])",
R"(-99999.5000
    -1.5000
[ CPUFloatType{2} ])",
R"(  -3
 100
   5
[ CPUFloatType{3} ])",
R"( 0
 0
[ CPUFloatType{2} ])",
R"([ CPUFloatType{0} ])",
R"([ CPUFloatType{0,3} ])",
R"([ CPULongType{2,0,3} ])",
R"([ Tensor (undefined) ])",
R"( 1  2  3
 4  5  6
[ CPULongType{2,3} ])",
R"(   1.5000   -2.0000
 300.0000    4.0000
[ CPUFloatType{2,2} ])",
R"(1e-05 *
 1.0000  2.0000
  3.0000  4.0000
[ CPUFloatType{2,2} ])",
R"( 1  0
 0  1
[ CPUBoolType{2,2} ])",
R"( 1.0000e-05  1.0000e+05
-1.0000e+00         nan
[ CPUFloatType{2,2} ])",
R"(Columns 1 to 10 0.0000  0.2500  0.5000  0.7500  1.0000  1.2500  1.5000  1.7500  2.0000  2.2500
 3.7500  4.0000  4.2500  4.5000  4.7500  5.0000  5.2500  5.5000  5.7500  6.0000

Columns 11 to 15 2.5000  2.7500  3.0000  3.2500  3.5000
 6.2500  6.5000  6.7500  7.0000  7.2500
[ CPUFloatType{2,15} ])",
R"(Columns 1 to 20  0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15  16  17  18  19
 30  31  32  33  34  35  36  37  38  39  40  41  42  43  44  45  46  47  48  49

Columns 21 to 30 20  21  22  23  24  25  26  27  28  29
 50  51  52  53  54  55  56  57  58  59
[ CPULongType{2,30} ])",
R"(Columns 1 to 101e-06 *
 0.0000  0.1000  0.2000  0.3000  0.4000  0.5000  0.6000  0.7000  0.8000  0.9000
  2.0000  2.1000  2.2000  2.3000  2.4000  2.5000  2.6000  2.7000  2.8000  2.9000

Columns 11 to 201e-06 *
 1.0000  1.1000  1.2000  1.3000  1.4000  1.5000  1.6000  1.7000  1.8000  1.9000
  3.0000  3.1000  3.2000  3.3000  3.4000  3.5000  3.6000  3.7000  3.8000  3.9000
[ CPUFloatType{2,20} ])",
R"((1,.,.) = 
 0  1
  2  3

(2,.,.) = 
 4  5
  6  7
[ CPUFloatType{2,2,2} ])",
R"((1,.,.) = 
 0.0000  0.1250
  0.2500  0.3750

(2,.,.) = 
 0.5000  0.6250
  0.7500  0.8750

(3,.,.) = 
 1.0000  1.1250
  1.2500  1.3750
[ CPUFloatType{3,2,2} ])",
R"((1,1,.,.) = 
 0  1
  2  3

(2,1,.,.) = 
  8   9
  10  11

(1,2,.,.) = 
 4  5
  6  7

(2,2,.,.) = 
 12  13
  14  15
[ CPULongType{2,2,2,2} ])",
R"((1,.,.) = 
1e-06 *
  0.0000  1.0000
   2.0000  3.0000

(2,.,.) = 
1e-06 *
  4.0000  5.0000
   6.0000  7.0000
[ CPUDoubleType{2,2,2} ])",
R"((1,.,.) = 
Columns 1 to 9  0.0000  0.0625  0.1250  0.1875  0.2500  0.3125  0.3750  0.4375  0.5000

Columns 10 to 18  0.5625  0.6250  0.6875  0.7500  0.8125  0.8750  0.9375  1.0000  1.0625

Columns 19 to 27  1.1250  1.1875  1.2500  1.3125  1.3750  1.4375  1.5000  1.5625  1.6250

Columns 28 to 32  1.6875  1.7500  1.8125  1.8750  1.9375

(2,.,.) = 
Columns 1 to 9  2.0000  2.0625  2.1250  2.1875  2.2500  2.3125  2.3750  2.4375  2.5000

Columns 10 to 18  2.5625  2.6250  2.6875  2.7500  2.8125  2.8750  2.9375  3.0000  3.0625

Columns 19 to 27  3.1250  3.1875  3.2500  3.3125  3.3750  3.4375  3.5000  3.5625  3.6250

Columns 28 to 32  3.6875  3.7500  3.8125  3.8750  3.9375
[ CPUFloatType{2,1,32} ])",
R"( 1
[ CPUFloatType{1,1} ])",
R"((1,.,.) = 
 1
[ CPUFloatType{1,1,1} ])",
R"( 0  3
 1  4
 2  5
[ CPULongType{3,2} ])",
R"( 1
 1
[ CPUFloatType{2} ])",
R"(-1.5000
[ CPUFloatType{1} ])",
R"(100000 *
 1.0000
[ CPUFloatType{1} ])",
R"(-1.0000e+20  5.0000e-01
[ CPUFloatType{1,2} ])",
R"(100000
[ CPUDoubleType{} ])",
R"(100000
[ CPULongType{} ])",
R"(1e+16
[ CPUDoubleType{} ])",
R"(1e+20
[ CPUDoubleType{} ])",
R"(9007199254740992
[ CPULongType{} ])",
R"(-1.2345678901234568e+18
[ CPULongType{} ])",
R"(0.0001
[ CPUDoubleType{} ])",
R"(1e-05
[ CPUDoubleType{} ])",
R"(123456.7890625
[ CPUFloatType{} ])",
R"(0.10000000149011612
[ CPUFloatType{} ])",
R"(-0
[ CPUFloatType{} ])",
R"(-inf
[ CPUFloatType{} ])",
R"( 5.0000e-01
-1.0000e+20
[ CPUFloatType{2} ])",
R"(   10
-1000
[ CPULongType{2} ])",
R"(    0.5000
-1000.2500
[ CPUFloatType{2} ])",
R"( 0.0000
 0.2500
[ CPUFloatType{2} ])",
R"(1e-07 *
 0.0000
 1.0000
[ CPUFloatType{2} ])",
R"(1e-07 *
    nan
 1.0000
[ CPUFloatType{2} ])",
R"(     1e+08
         1
[ CPULongType{2} ])",
R"( 1.0000e+09
 1.0000e+00
[ CPULongType{2} ])",
R"(1.23457e+07
        1
[ CPULongType{2} ])",
R"( 1.0000e-01
 1.0000e+05
[ CPUFloatType{2} ])",
R"(     1
    10
 99999
[ CPUFloatType{3} ])",
R"(-9.2234e+18
[ CPULongType{1} ])",
R"(1e-310 *
 1.0000
[ CPUDoubleType{1} ])",
R"(1e-100 *
 0.1100
 1.1000
[ CPUDoubleType{2} ])",
R"(1.1000e+101
1.1000e+100
[ CPUDoubleType{2} ])",
R"((1,1,1,.,.) = 
  0   1   2   3
   4   5   6   7
   8   9  10  11
[ CPULongType{1,1,1,3,4} ])",
R"((1,.,.) = 
Columns 1 to 26  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1

Columns 27 to 40  1  1  1  1  1  1  1  1  1  1  1  1  1  1
[ CPUFloatType{1,1,40} ])",
R"(Columns 1 to 26 1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1

Columns 27 to 27 1
[ CPUFloatType{1,27} ])",
R"(1000000 *
 1.2346
[ CPUDoubleType{1} ])",
R"(1000000000000000 *
 1.0000
 0.2000
[ CPUDoubleType{2} ])",
R"( 0.5000
[ CPUFloatType{1} ])",
R"( 0.1000
 0.0500
[ CPUFloatType{2} ])",
R"(1e-07 *
    nan  1.0000
     inf  1.0000
[ CPUFloatType{2,2} ])",
R"(1e+22
[ CPUDoubleType{} ])",
R"(1000000 *
 1.2346  2.3457
  3.4568  1.2346
[ CPUDoubleType{2,2} ])",
R"((1,.,.) = 
  0  12
   4  16
   8  20

(2,.,.) = 
  1  13
   5  17
   9  21

(3,.,.) = 
  2  14
   6  18
  10  22

(4,.,.) = 
  3  15
   7  19
  11  23
[ CPUFloatType{4,3,2} ])",
};
// clang-format on
