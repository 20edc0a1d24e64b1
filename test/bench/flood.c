// The load: echo requests of 84 bytes to 256 destinations as fast as one core sends them.
//   flood PREFIX SECONDS     PREFIX: the first three bytes of the destinations, "10.98.0"
// Ends with a line "SENT SECONDS".
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/icmp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#ifndef SOL_RAW
#define SOL_RAW 255
#endif

enum { DESTINATIONS = 256, MESSAGE_BYTES = 64 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static unsigned short checksum(const unsigned short* words, int count) {
  unsigned sum = 0;
  while (count-- > 0) sum += *words++;
  sum = (sum & 0xffff) + (sum >> 16);
  return ~((sum & 0xffff) + (sum >> 16));
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  if (fd < 0) return 1;
  // Nobody reads the replies: let none pile up.
  struct icmp_filter nothing = {.data = ~0u};
  setsockopt(fd, SOL_RAW, ICMP_FILTER, &nothing, sizeof(nothing));
  struct mmsghdr batch[DESTINATIONS] = {0};
  struct sockaddr_in destinations[DESTINATIONS] = {0};
  union {
    struct icmphdr header;
    unsigned short words[MESSAGE_BYTES / 2];
  } message = {.header = {.type = ICMP_ECHO}};
  message.header.checksum = checksum(message.words, MESSAGE_BYTES / 2);
  struct iovec payload = {&message, sizeof(message)};
  for (int i = 0; i < DESTINATIONS; i++) {
    char text[INET_ADDRSTRLEN];
    snprintf(text, sizeof(text), "%s.%d", argv[1], i);
    destinations[i].sin_family = AF_INET;
    inet_pton(AF_INET, text, &destinations[i].sin_addr);
    batch[i].msg_hdr = (struct msghdr){.msg_name = &destinations[i],
                                       .msg_namelen = sizeof(destinations[i]),
                                       .msg_iov = &payload,
                                       .msg_iovlen = 1};
  }
  const double start = now(), end = start + atof(argv[2]);
  unsigned long long sent = 0;
  while (now() < end) {
    const int count = sendmmsg(fd, batch, DESTINATIONS, 0);
    if (count > 0) sent += count;
  }
  printf("%llu %.6f\n", sent, now() - start);
  return 0;
}
