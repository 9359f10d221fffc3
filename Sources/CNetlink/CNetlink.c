// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

#define _GNU_SOURCE
#include "CNetlink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
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
