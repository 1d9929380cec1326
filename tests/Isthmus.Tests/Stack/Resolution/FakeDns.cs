// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using Isthmus.Sip.Stack;

namespace Isthmus.Tests.Stack.Resolution;

/// <summary>A DNS that says what it is told to, at once or when it is told to, and knows what it was asked.</summary>
internal sealed class FakeDns : IDnsClient
{
    public static readonly TimeSpan NegativeTime = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(string Name, DnsType Type), List<DnsRecord>> _records = new();
    private readonly ConcurrentDictionary<(string Name, DnsType Type), DnsStatus> _failures = new();
    private readonly ConcurrentDictionary<(string Name, DnsType Type), TaskCompletionSource<DnsReply>> _silent = new();

    public ConcurrentQueue<(string Name, DnsType Type)> Asked { get; } = new();

    /// <summary>How every question ends, whatever is known.</summary>
    public DnsStatus? Everything { get; set; }

    /// <summary>Whether no question is answered, except that its token ends it.</summary>
    public bool IsSilent { get; set; }

    public int Cancelled { get; private set; }

    public FakeDns Address(string name, string address, int seconds = 300)
    {
        var ip = IPAddress.Parse(address);
        return Add(ip.GetAddressBytes().Length == 4 ? DnsType.A : DnsType.Aaaa, new AddressRecord(name, TimeSpan.FromSeconds(seconds), ip));
    }

    public FakeDns Srv(string name, int priority, int weight, int port, string target, int seconds = 300) =>
        Add(DnsType.Srv, new ServiceRecord(name, TimeSpan.FromSeconds(seconds), priority, weight, port, target));

    public FakeDns Naptr(string name, int order, int preference, string service, string replacement, string flags = "s") =>
        Add(DnsType.Naptr, new PointerRecord(name, TimeSpan.FromSeconds(300), order, preference, flags, service, replacement));

    public FakeDns Alias(string name, string target, params DnsType[] types)
    {
        foreach (var type in types is [] ? Enum.GetValues<DnsType>() : types)
        {
            Add(type, new AliasRecord(name, TimeSpan.FromSeconds(300), target));
        }
        return this;
    }

    public FakeDns Add(DnsType type, DnsRecord record, string? under = null)
    {
        _records.GetOrAdd((under ?? record.Name, type), _ => []).Add(record);
        return this;
    }

    public FakeDns Fail(string name, DnsType type, DnsStatus status)
    {
        _failures[(name, type)] = status;
        return this;
    }

    /// <summary>This question waits for <see cref="Answer"/>.</summary>
    public FakeDns Hold(string name, DnsType type)
    {
        _silent[(name, type)] = new TaskCompletionSource<DnsReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        return this;
    }

    public void Answer(string name, DnsType type)
    {
        _silent.TryRemove((name, type), out var held);
        held!.SetResult(ReplyTo(name, type));
    }

    public FakeDns Forget(string name, DnsType type)
    {
        _records.TryRemove((name, type), out _);
        return this;
    }

    public int Count(string name, DnsType type) => Asked.Count(asked => asked == (name, type));

    public async ValueTask<DnsReply> QueryAsync(string name, DnsType type, CancellationToken cancellationToken)
    {
        Asked.Enqueue((name, type));
        var held = IsSilent ? new TaskCompletionSource<DnsReply>() : _silent.GetValueOrDefault((name, type));
        try
        {
            return held is null ? ReplyTo(name, type) : await held.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Cancelled++;
            throw;
        }
    }

    private DnsReply ReplyTo(string name, DnsType type) =>
        Everything is { } all ? DnsReply.Failed(all)
        : _failures.TryGetValue((name, type), out var status) ? new DnsReply(status, [], NegativeTime)
        : _records.TryGetValue((name, type), out var records) ? new DnsReply(DnsStatus.Ok, [.. records])
        : new DnsReply(_records.Keys.Any(key => key.Name == name || key.Name.EndsWith("." + name, StringComparison.Ordinal)) ? DnsStatus.Ok : DnsStatus.NameError, [], NegativeTime);
}
