// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip.Stack;

namespace Isthmus.Server.Events;

/// <summary>What makes a subscription, and makes it again after a restart.</summary>
/// <param name="Tag"><see cref="Subscription.Tag"/>.</param>
/// <param name="Conversation">The number of its Call-ID.</param>
/// <param name="Head"><see cref="Subscription.Head"/>.</param>
/// <param name="NextHop"><see cref="Subscription.NextHop"/>.</param>
/// <param name="LocalCSeq"><see cref="Subscription.LocalCSeq"/>.</param>
/// <param name="RemoteCSeq"><see cref="Subscription.RemoteCSeq"/>.</param>
/// <param name="ExpiresAt"><see cref="Subscription.ExpiresAt"/>.</param>
/// <param name="IsAtHome">Whether the watcher is surely where its NOTIFYs go (<see cref="WatcherWay.IsAtHome"/>).</param>
internal readonly record struct SubscriptionRecord(ulong Tag, ulong Conversation, byte[] Head, Target NextHop, uint LocalCSeq, uint RemoteCSeq, long ExpiresAt, bool IsAtHome = true);
