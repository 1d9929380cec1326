// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Isthmus.Server;
using Isthmus.Server.Location;
using Isthmus.Sip;
using Isthmus.Tests.Server.Registrar;

namespace Isthmus.Tests.Server.Location;

public sealed class CommitTests
{
    [Fact]
    public async Task Register_BeforeTheCommit_IsNeitherAnsweredNorVisible()
    {
        var store = new FaultyStore();
        using var bench = new RegistrarBench(store: store);
        store.Hold();

        Task<SipResponse> answer = Task.Run(() => bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>"]));
        Assert.True(await store.Entered.WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.False(answer.IsCompleted);
        Assert.Empty(bench.Bound());
        store.Release();
        Assert.Equal(200, (await answer).StatusCode);
        Assert.Single(bench.Bound());
    }

    [Fact]
    public async Task Register_ManyWhileOneIsWritten_ShareOneCommit()
    {
        var store = new FaultyStore();
        using var bench = new RegistrarBench(store: store);
        store.Hold();
        using var answered = new CountdownEvent(101);
        bench.Post(1, answered.Signal);
        Assert.True(await store.Entered.WaitAsync(TimeSpan.FromSeconds(30)));
        for (int i = 2; i <= 101; i++)
        {
            bench.Post(i, answered.Signal);
        }

        store.Release();
        Assert.True(answered.Wait(TimeSpan.FromSeconds(30)));

        Assert.Equal([1, 100], store.Commits);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TrySubmit_FaultyChange_DoesNotEndTheWriter(bool whenApplied)
    {
        using var bench = new RegistrarBench(store: new FaultyStore());
        Assert.True(bench.Location.TrySubmit(new FaultyChange(whenApplied)));

        Assert.Equal(200, bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>"]).StatusCode);
    }

    [Fact]
    public void Register_StoreFails_Is503AndChangesNothing()
    {
        var store = new FaultyStore();
        using var bench = new RegistrarBench(store: store);
        bench.Send(IpVersion.V4, "a", 1, ["<sip:alice@192.0.2.7>"]);
        store.Fails = true;

        SipResponse add = bench.Send(IpVersion.V4, "b", 1, ["<sip:alice@192.0.2.8>"]);
        SipResponse remove = bench.Send(IpVersion.V4, "a", 2, ["*"], headers: ["Expires: 0"]);

        Assert.Equal((503, "30"), (add.StatusCode, add.Text(HeaderName.RetryAfter)));
        Assert.Equal(503, remove.StatusCode);
        Assert.Equal(["sip:alice@192.0.2.7"], bench.Bound());
        store.Fails = false;
        Assert.Equal(200, bench.Send(IpVersion.V4, "b", 2, ["<sip:alice@192.0.2.8>"]).StatusCode);
    }

    [Fact]
    public async Task Register_RepeatedWithinABatchThatFails_IsNotAcknowledged()
    {
        var store = new FaultyStore();
        using var bench = new RegistrarBench(store: store);
        store.Hold();
        using var first = new CountdownEvent(1);
        bench.Post(1, first.Signal);
        Assert.True(await store.Entered.WaitAsync(TimeSpan.FromSeconds(30)));
        store.Fails = true;
        var statuses = new ConcurrentBag<int>();
        using var both = new CountdownEvent(2);
        for (int i = 0; i < 2; i++)
        {
            bench.Post(2, status =>
            {
                statuses.Add(status);
                both.Signal();
            });
        }

        store.Release();
        Assert.True(both.Wait(TimeSpan.FromSeconds(30)));

        Assert.Equal([503, 503], statuses);
    }

    [Fact]
    public async Task Register_QueueFull_Is503()
    {
        var store = new FaultyStore();
        using var bench = new RegistrarBench(new ServerOptions { Domains = [new() { Name = "example.com" }], Limits = new() { PendingRegistrations = 1 } }, store);
        store.Hold();
        using var first = new CountdownEvent(1);
        bench.Post(1, first.Signal);
        Assert.True(await store.Entered.WaitAsync(TimeSpan.FromSeconds(30)));
        using var second = new CountdownEvent(1);
        bench.Post(2, second.Signal);
        int refused = 0;
        bench.Post(3, status => refused = status);

        Assert.Equal(503, refused);
        store.Release();
        Assert.True(second.Wait(TimeSpan.FromSeconds(30)));
    }

    private sealed class FaultyChange(bool whenApplied) : ILocationChange
    {
        public ReadOnlySpan<byte> Aor => "sip:bob@example.com"u8;

        public bool Apply(LocationBatch batch) => whenApplied ? throw new InvalidOperationException("a bug") : false;

        public void Completed(CommitOutcome outcome) => throw new InvalidOperationException("another");
    }
}
