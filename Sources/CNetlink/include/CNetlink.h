// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

// Kernel constants and message layouts for netlink, and the few system calls that Swift's C library module does not
// offer. Only kernel headers are included here: they do not collide with the C library's own module.
#ifndef PALISADE_CNETLINK_H
#define PALISADE_CNETLINK_H

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

/// Opens a netlink socket (close-on-exec) with a port chosen by the kernel. Returns the descriptor or a negative errno.
int palisade_netlink_open(int protocol);

/// Joins a multicast group. Returns 0 or a negative errno.
int palisade_netlink_join(int descriptor, unsigned int group);

/// Sends one datagram to the kernel. Returns 0 or a negative errno.
int palisade_netlink_send(int descriptor, const void *bytes, size_t count);

/// Receives one datagram without waiting. Returns its full length (more than `capacity` when it was cut), 0 when it was
/// not from the kernel, or a negative errno (-EAGAIN: nothing there, -ENOBUFS: messages were lost).
long palisade_netlink_receive(int descriptor, void *bytes, size_t capacity);

/// Asks for a receive buffer of `bytes`, beyond the system's limit where privilege allows. Returns what the kernel
/// grants (it counts its own overhead, so twice the size), or a negative errno.
int palisade_netlink_buffer(int descriptor, int bytes);

/// Waits until `descriptor` or `wake` can be read. Returns bit 0 for the first, bit 1 for the second, 0 on timeout, or
/// a negative errno. A negative timeout waits for ever.
int palisade_wait_readable(int descriptor, int wake, int timeout_milliseconds);

/// An event descriptor for waking a thread that waits. Returns the descriptor or a negative errno.
int palisade_wake_open(void);
void palisade_wake(int descriptor);

/// Opens a file for reading (close-on-exec). Returns the descriptor or a negative errno.
int palisade_open_path(const char *path);
int palisade_close(int descriptor);

/// Moves the calling thread into a network namespace. Returns 0 or a negative errno.
int palisade_enter_network_namespace(int descriptor);

/// The kernel's id of the calling thread.
int palisade_thread_id(void);

/// Gives the calling thread a name for people (15 bytes count).
void palisade_name_thread(const char *name);

/// What a socket carries.
enum palisade_transport {
    PALISADE_TCP = 0,
    PALISADE_UDP = 1,
    /// ICMP echo, without raw packets; needs `net.ipv4.ping_group_range`.
    PALISADE_ECHO = 2,
};

/// Opens a socket that does not wait and starts to connect it. `address` has 4 or 16 bytes, `length` says which.
/// Returns the descriptor or a negative errno; a connection that is still being made is no error.
int palisade_socket_connect(const uint8_t *address, int length, enum palisade_transport transport, uint16_t port);

/// Opens a socket that does not wait, on every address of one family, and listens. Returns the descriptor or a negative
/// errno.
int palisade_socket_listen(int is_ipv6, enum palisade_transport transport, uint16_t port);

/// Accepts one connection, with a descriptor that does not wait. Returns the descriptor or a negative errno.
int palisade_socket_accept(int descriptor);

/// Sends one datagram back to where the last one came from: receives and answers. Returns the bytes echoed or a negative
/// errno.
long palisade_socket_echo(int descriptor, void *bytes, size_t capacity);

/// The error that is pending on a socket, 0 when there is none.
int palisade_socket_error(int descriptor);

/// Makes closing the socket end the connection at once.
void palisade_socket_reset_on_close(int descriptor);

/// A set of descriptors to wait for (epoll). Returns its descriptor or a negative errno.
int palisade_watch_open(void);

/// Adds a descriptor, or changes what it is watched for. Returns 0 or a negative errno.
int palisade_watch_add(int watch, int descriptor, int for_writing);
int palisade_watch_change(int watch, int descriptor, int for_writing);

/// Waits, and writes the descriptors that are ready. Returns their number or a negative errno.
int palisade_watch_wait(int watch, int *ready, int capacity, int timeout_milliseconds);

/// Makes an empty file that exists in memory only, closed in children. Returns its descriptor or a negative errno.
int palisade_memory_file(const char *name);

#endif
