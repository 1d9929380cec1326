// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>Who wants to watch which list by what.</summary>
/// <param name="Aor">The canonical address of the list.</param>
/// <param name="Package">The package by which its members are watched.</param>
/// <param name="Watcher">The canonical address-of-record of the watcher.</param>
/// <param name="Hub">Knows the members.</param>
/// <param name="IsLinphone">Whether the watcher is a linphone, which reads lists in its own way (decision 0052).</param>
internal sealed record ListQuestion(string Aor, IEventPackage Package, string Watcher, EventHub Hub, bool IsLinphone);
