// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

#define _GNU_SOURCE
#include "CNetlink.h"

#include <sys/mman.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int palisade_netlink_open(int protocol) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (descriptor < 0) return -errno;
    struct sockaddr_nl address;
    memset(&address, 0, sizeof address);
    address.nl_family = AF_NETLINK;
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        int code = errno;
        close(descriptor);
        return -code;
    }
    return descriptor;
}

int palisade_netlink_join(int descriptor, unsigned int group) {
    int value = (int)group;
    return setsockopt(descriptor, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &value, sizeof value) == 0 ? 0 : -errno;
}

int palisade_netlink_send(int descriptor, const void *bytes, size_t count) {
    struct sockaddr_nl kernel;
    memset(&kernel, 0, sizeof kernel);
    kernel.nl_family = AF_NETLINK;
    for (;;) {
        if (sendto(descriptor, bytes, count, 0, (struct sockaddr *)&kernel, sizeof kernel) >= 0) return 0;
        if (errno != EINTR) return -errno;
    }
}

long palisade_netlink_receive(int descriptor, void *bytes, size_t capacity) {
    for (;;) {
        struct sockaddr_nl sender;
        memset(&sender, 0, sizeof sender);
        struct iovec part = {.iov_base = bytes, .iov_len = capacity};
        struct msghdr message;
        memset(&message, 0, sizeof message);
        message.msg_name = &sender;
        message.msg_namelen = sizeof sender;
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        ssize_t count = recvmsg(descriptor, &message, MSG_DONTWAIT | MSG_TRUNC);
        if (count >= 0) return sender.nl_pid == 0 ? (long)count : 0;
        if (errno != EINTR) return -errno;
    }
}

int palisade_netlink_buffer(int descriptor, int bytes) {
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0) {
        if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) != 0) return -errno;
    }
    int granted = 0;
    socklen_t length = sizeof granted;
    return getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &granted, &length) == 0 ? granted : -errno;
}

int palisade_wait_readable(int descriptor, int wake, int timeout_milliseconds) {
    struct pollfd watched[2] = {
        {.fd = descriptor, .events = POLLIN},
        {.fd = wake, .events = POLLIN},
    };
    for (;;) {
        int count = poll(watched, 2, timeout_milliseconds);
        if (count >= 0) break;
        if (errno != EINTR) return -errno;
    }
    return (watched[0].revents != 0 ? 1 : 0) | (watched[1].revents != 0 ? 2 : 0);
}

int palisade_wake_open(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor >= 0 ? descriptor : -errno;
}

void palisade_wake(int descriptor) {
    uint64_t one = 1;
    // A full counter is already a wake-up, so a failing write loses nothing.
    if (write(descriptor, &one, sizeof one) < 0) return;
}

int palisade_open_path(const char *path) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    return descriptor >= 0 ? descriptor : -errno;
}

int palisade_close(int descriptor) { return close(descriptor) == 0 ? 0 : -errno; }

int palisade_enter_network_namespace(int descriptor) { return setns(descriptor, CLONE_NEWNET) == 0 ? 0 : -errno; }

int palisade_thread_id(void) { return (int)syscall(SYS_gettid); }

void palisade_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

static socklen_t fill_address(struct sockaddr_storage *storage, const uint8_t *address, int length, uint16_t port) {
    memset(storage, 0, sizeof *storage);
    if (length == 4) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)storage;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        if (address) memcpy(&v4->sin_addr, address, 4);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)storage;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    if (address) memcpy(&v6->sin6_addr, address, 16);
    return sizeof *v6;
}

static int open_socket(int length, enum palisade_transport transport) {
    int family = length == 4 ? AF_INET : AF_INET6;
    int type = (transport == PALISADE_TCP ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
    int protocol = 0;
    if (transport == PALISADE_ECHO) protocol = length == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
    int descriptor = socket(family, type, protocol);
    return descriptor >= 0 ? descriptor : -errno;
}

int palisade_socket_connect(const uint8_t *address, int length, enum palisade_transport transport, uint16_t port) {
    if (length != 4 && length != 16) return -EAFNOSUPPORT;
    int descriptor = open_socket(length, transport);
    if (descriptor < 0) return descriptor;
    struct sockaddr_storage storage;
    socklen_t size = fill_address(&storage, address, length, transport == PALISADE_ECHO ? 0 : port);
    if (connect(descriptor, (struct sockaddr *)&storage, size) != 0 && errno != EINPROGRESS) {
        int code = errno;
        close(descriptor);
        return -code;
    }
    return descriptor;
}

int palisade_socket_listen(int is_ipv6, enum palisade_transport transport, uint16_t port) {
    int length = is_ipv6 ? 16 : 4;
    int descriptor = open_socket(length, transport);
    if (descriptor < 0) return descriptor;
    int one = 1;
    struct sockaddr_storage storage;
    socklen_t size = fill_address(&storage, NULL, length, port);
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        (is_ipv6 && setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) != 0) ||
        bind(descriptor, (struct sockaddr *)&storage, size) != 0 ||
        (transport == PALISADE_TCP && listen(descriptor, 1024) != 0)) {
        int code = errno;
        close(descriptor);
        return -code;
    }
    return descriptor;
}

int palisade_socket_accept(int descriptor) {
    int accepted = accept4(descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    return accepted >= 0 ? accepted : -errno;
}

long palisade_socket_echo(int descriptor, void *bytes, size_t capacity) {
    struct sockaddr_storage sender;
    socklen_t size = sizeof sender;
    ssize_t count = recvfrom(descriptor, bytes, capacity, 0, (struct sockaddr *)&sender, &size);
    if (count < 0) return -errno;
    return sendto(descriptor, bytes, (size_t)count, MSG_NOSIGNAL, (struct sockaddr *)&sender, size) >= 0 ? count : -errno;
}

int palisade_socket_error(int descriptor) {
    int code = 0;
    socklen_t size = sizeof code;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno;
}

void palisade_socket_reset_on_close(int descriptor) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    // Without it the connection merely lingers a while after closing.
    if (setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) != 0) return;
}

int palisade_watch_open(void) {
    int watch = epoll_create1(EPOLL_CLOEXEC);
    return watch >= 0 ? watch : -errno;
}

static int set_watch(int watch, int operation, int descriptor, int for_writing) {
    struct epoll_event event = {.events = for_writing ? EPOLLOUT : EPOLLIN, .data = {.fd = descriptor}};
    return epoll_ctl(watch, operation, descriptor, &event) == 0 ? 0 : -errno;
}

int palisade_watch_add(int watch, int descriptor, int for_writing) {
    return set_watch(watch, EPOLL_CTL_ADD, descriptor, for_writing);
}

int palisade_watch_change(int watch, int descriptor, int for_writing) {
    return set_watch(watch, EPOLL_CTL_MOD, descriptor, for_writing);
}

int palisade_watch_wait(int watch, int *ready, int capacity, int timeout_milliseconds) {
    struct epoll_event events[64];
    int count = epoll_wait(watch, events, capacity < 64 ? capacity : 64, timeout_milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int index = 0; index < count; index++) ready[index] = events[index].data.fd;
    return count;
}

int palisade_memory_file(const char *name) {
    int descriptor = memfd_create(name, MFD_CLOEXEC);
    return descriptor >= 0 ? descriptor : -errno;
}
