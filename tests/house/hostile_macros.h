// Macros that the headers of other projects define: glog and Windows, Qt, old compilers.
#define LOG(level) log_of_somebody_else_##level
#define CHECK(condition) ((condition) ? (void)0 : abort())
#define ERROR 0
#define INFO 1
#define slots
#define signals public
#define emit
#define Q_EMIT
#define near
#define far
#define small char
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
