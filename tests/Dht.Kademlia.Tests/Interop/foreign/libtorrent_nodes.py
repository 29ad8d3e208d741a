"""A network of libtorrent nodes in one process, told what to do by lines of JSON and answering each by one.

Arguments: BLOCK FIRST COUNT PORT [BOOTSTRAP]. Node n is at BLOCK.(FIRST + n).1:PORT, in a /24 of its own: libtorrent takes one node of each.
"""

import json
import os
import random
import sys
import tempfile
import threading
import time

import libtorrent as lt

STAGGER = 0.15  # seconds; the first node must answer before the next asks it, and nodes that start together know nobody
KNOWN = 8  # nodes that each is told of, and in larger networks knows before all begins
SPIN = 0.02  # seconds in which the end of a look-up is watched for without a pause: on loopback it comes within one millisecond
QUIET = lt.alert.category_t.dht_operation_notification
TALKATIVE = QUIET | lt.alert.category_t.dht_notification
WORDY = TALKATIVE | lt.alert.category_t.dht_log_notification
SAYING = threading.Lock()
MESSAGES = ["dht.dht_messages_in", "dht.dht_messages_out"]


class Node:
    def __init__(self, address, port, bootstrap):
        self.endpoint = (address, port)
        self.gate = threading.Lock()
        self.session = lt.session(
            {
                "listen_interfaces": f"{address}:{port}",
                "outgoing_interfaces": address,
                "enable_dht": True,
                "dht_bootstrap_nodes": bootstrap,
                "enable_lsd": False,
                "enable_upnp": False,
                "enable_natpmp": False,
                "dht_upload_rate_limit": 10**7,  # tests ask in a second what people ask in a day
                "dht_block_ratelimit": 10**5,
                "enable_outgoing_tcp": False,  # nobody is to be connected to, only found
                "enable_outgoing_utp": False,
                "alert_mask": QUIET,
            }
        )

    def alerts(self, until=None):
        """Alerts as they come, for as long as the caller listens."""
        while until is None or time.monotonic() < until:
            self.session.wait_for_alert(1000)
            yield from self.session.pop_alerts()

    def next(self, kind):
        return next(alert for alert in self.alerts() if isinstance(alert, kind))

    def mask(self, mask):
        self.session.apply_settings({"alert_mask": mask})

    def table(self):
        self.session.post_dht_stats()
        return sum(bucket["num_nodes"] for bucket in self.next(lt.dht_stats_alert).routing_table)

    def datagrams(self):
        self.session.post_session_stats()
        values = self.next(lt.session_stats_alert).values
        return sum(values[name] for name in MESSAGES)

    def watch(self, started):
        """Alerts until no look-up for peers runs any more."""
        self.session.post_dht_stats()
        for alert in self.alerts():
            yield alert
            if isinstance(alert, lt.dht_stats_alert):
                if not any(request["type"] == "get_peers" for request in alert.active_requests):
                    return
                if time.monotonic() - started > SPIN:
                    time.sleep(0.004)
                self.session.post_dht_stats()

    def announce(self, key):
        """Its time counts from the first query: when a torrent's turn comes is not the DHT's affair."""
        self.mask(WORDY)
        before, started, handle, waiting, told = self.datagrams(), None, None, set(), 0
        torrent = lt.add_torrent_params()
        torrent.info_hashes = lt.info_hash_t(lt.sha1_hash(bytes.fromhex(key)))
        torrent.save_path = tempfile.gettempdir()  # nothing is ever written: there are no peers
        self.session.async_add_torrent(torrent)
        for alert in self.alerts():
            if isinstance(alert, lt.add_torrent_alert):
                handle = alert.handle
            elif isinstance(alert, lt.dht_outgoing_get_peers_alert):
                started = started or time.monotonic()
            elif isinstance(alert, lt.dht_pkt_alert) and (message := lt.bdecode(alert.pkt_buf)):
                if message.get(b"q") == b"announce_peer" and message[b"a"][b"info_hash"].hex() == key:
                    waiting.add(message[b"t"])
                    told += 1
                elif message.get(b"y") != b"q":
                    waiting.discard(message.get(b"t"))
            if told and not waiting:
                break
        done = time.monotonic() - started
        self.session.remove_torrent(handle)
        self.mask(QUIET)
        return {"done": done, "stored": told, "datagrams": self.datagrams() - before}

    def find(self, key):
        before = self.datagrams()
        started = time.monotonic()
        self.session.dht_get_peers(lt.sha1_hash(bytes.fromhex(key)))
        peers, first = set(), None
        for alert in self.watch(started):
            if isinstance(alert, lt.dht_get_peers_reply_alert) and str(alert.info_hash) == key:
                first = first or time.monotonic() - started
                peers.update(f"{address}:{port}" for address, port in alert.peers())
        done = time.monotonic() - started
        return {"peers": sorted(peers), "first": first, "done": done, "datagrams": self.datagrams() - before}

    def put(self, value):
        self.mask(TALKATIVE)
        target = self.session.dht_put_immutable_item(value.encode())
        alert = self.next(lt.dht_put_alert)
        self.mask(QUIET)
        return {"target": str(target), "stored": alert.num_success}

    def get(self, target):
        self.session.dht_get_immutable_item(lt.sha1_hash(bytes.fromhex(target)))
        alert = self.next(lt.dht_immutable_item_alert)
        try:
            return {"value": lt.bencode(alert.item["value"]).hex()}
        except RuntimeError:  # nobody has it
            return {"value": None}


def start(block, first, count, port, bootstrap):
    nodes = []
    for number in range(count):
        nodes.append(Node(f"{block}.{first + number}.1", port, bootstrap or (f"{block}.{first}.1:{port}" if number else "")))
        time.sleep(STAGGER)
    if not bootstrap:
        for node in nodes:  # or their tables stay nearly empty
            for other in random.sample([other for other in nodes if other is not node], min(KNOWN, count - 1)):
                node.session.add_dht_node(other.endpoint)
    for node in nodes:
        while node.table() < (1 if bootstrap else min(KNOWN, count // 2)):
            time.sleep(0.05)
    return nodes


def answer(nodes, command):
    """Commands to several nodes may run side by side; "id" tells whose answer it is."""
    arguments = {key: value for key, value in command.items() if key not in ("do", "node", "id")}
    node = nodes[command["node"]]
    with node.gate:
        reply = getattr(node, command["do"])(**arguments)
    with SAYING:
        print(json.dumps({"id": command.get("id"), **reply}), flush=True)


def main():
    block, first, count, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    nodes = start(block, first, count, port, sys.argv[5] if len(sys.argv) > 5 else "")
    print(json.dumps({"nodes": [f"{address}:{port}" for address, port in (node.endpoint for node in nodes)]}), flush=True)
    for line in sys.stdin:
        threading.Thread(target=answer, args=(nodes, json.loads(line)), daemon=True).start()
    os._exit(0)  # sessions that end politely tell trackers, for seconds


if __name__ == "__main__":
    main()
