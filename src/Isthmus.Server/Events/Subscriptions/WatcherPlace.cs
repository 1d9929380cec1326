// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>Where the NOTIFYs of a subscription go.</summary>
/// <param name="NextHop">Where they are sent.</param>
/// <param name="RequestUri">Their Request-URI; empty: the watcher's Contact as it is.</param>
internal readonly record struct WatcherPlace(Target NextHop, ReadOnlyMemory<byte> RequestUri = default);
