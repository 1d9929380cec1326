// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Isthmus.Phone;

/// <summary>The dialogs of a phone that are no calls, by Call-ID and our own tag.</summary>
internal sealed class UsageTable
{
    private readonly ConcurrentDictionary<(string CallId, string LocalTag), IDialogUsage> _usages = new();

    public ICollection<IDialogUsage> All => _usages.Values;

    public void Add(IDialogUsage usage) => _usages[(usage.CallId, usage.LocalTag)] = usage;

    public void Remove(IDialogUsage usage) => _usages.TryRemove((usage.CallId, usage.LocalTag), out _);

    public IDialogUsage? Find(string callId, string localTag) => _usages.GetValueOrDefault((callId, localTag));
}
