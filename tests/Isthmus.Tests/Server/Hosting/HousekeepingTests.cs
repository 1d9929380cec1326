// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Isthmus.Server.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Server.Hosting;

public sealed class HousekeepingTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Housekeeping _housekeeping;
    private long _messages = 1_000_000;
    private long _allocated = 1L << 40;
    private int _tidied;

    public HousekeepingTests() => _housekeeping = new(_time, () => _messages, () => _allocated, () => _tidied++);

    public void Dispose() => _housekeeping.Dispose();

    [Fact]
    public void Look_AfterAStorm_TidiesOnceWhenNextToNobodyCalls()
    {
        for (int second = 0; second < 10; second++)
        {
            Pass(messages: 10_000, allocated: Housekeeping.Worth);
        }

        Assert.Equal(0, _tidied);
        for (int second = 0; second < 100; second++)
        {
            Pass(messages: Housekeeping.Few, allocated: 1000);
        }

        Assert.Equal(1, _tidied);
    }

    [Fact]
    public void Look_LittleWasAllocated_LeavesItAlone()
    {
        Pass(messages: 0, allocated: Housekeeping.Worth - 1);
        Assert.Equal(0, _tidied);
        Pass(messages: 0, allocated: 1);
        Assert.Equal(1, _tidied);
    }

    [Fact]
    public void Look_WhatTidyingItselfAllocates_DoesNotCount()
    {
        _housekeeping.Dispose();
        using var greedy = new Housekeeping(_time, () => 0, () => _allocated, () =>
        {
            _tidied++;
            _allocated += Housekeeping.Worth;
        });
        _allocated += Housekeeping.Worth;
        _time.Advance(Housekeeping.Interval * 3);
        Assert.Equal(1, _tidied);
    }

    [Fact]
    public void Dispose_NoMoreLooks()
    {
        _housekeeping.Dispose();
        Pass(messages: 0, allocated: Housekeeping.Worth);
        Assert.Equal(0, _tidied);
    }

    [Fact]
    public void GiveBack_Garbage_IsGone()
    {
        WeakReference garbage = Garbage();
        IdleMemory.GiveBack();
        Assert.False(garbage.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // so that nothing of the caller holds it
    private static WeakReference Garbage() => new(new byte[1 << 20]);

    private void Pass(long messages, long allocated)
    {
        (_messages, _allocated) = (_messages + messages, _allocated + allocated);
        _time.Advance(Housekeeping.Interval);
    }
}
