// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Time.Testing;

namespace Isthmus.Tests.Stack.Transactions;

/// <summary>What is left of answered transactions: the last ones, octet for octet, for their time.</summary>
public sealed class RememberedTests : IDisposable
{
    private const long Never = long.MaxValue;

    private readonly FakeTimeProvider _time = new();
    private readonly TimerWheel _timers;

    public RememberedTests() => _timers = new TimerWheel(_time);

    public void Dispose() => _timers.Dispose();

    [Fact]
    public void Find_AnyHistory_KnowsTheLastOnesOctetForOctet() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 3000].Array[0, 200]).Sample((most, lengths) =>
        {
            var remembered = new Remembered(most);
            for (var i = 0; i < lengths.Length; i++)
            {
                remembered.Add(KeyOf(i), Remembrance.SendAgain, Never, OctetsOf(i, lengths[i]), null);
            }

            // Beyond the bound of numbers, and of 64 KiB at least of octets, the first are gone; of the last ones nothing is missing.
            var known = Enumerable.Range(0, lengths.Length).Where(i => remembered.TryFind(KeyOf(i), _timers, out _)).ToList();
            var sure = Math.Min(Math.Min(most, lengths.Length), 65536 / 2 / 3000);
            Assert.InRange(known.Count, sure, most);
            Assert.Equal(Enumerable.Range(lengths.Length - known.Count, known.Count), known);
            Assert.All(known, i =>
            {
                Assert.True(remembered.TryFind(KeyOf(i), _timers, out var found));
                Assert.Equal(OctetsOf(i, lengths[i]), found.Octets.ToArray());
            });
        });

    [Fact]
    public void Find_AfterItsTime_IsUnknown()
    {
        var remembered = new Remembered(4);
        remembered.Add(1, Remembrance.Absorb, _timers.Now + 10, default, null);
        Assert.True(remembered.TryFind(1, _timers, out var found));
        Assert.Equal(Remembrance.Absorb, found.Remembrance);
        Assert.Equal(1, remembered.CountAt(_timers.Now));

        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.False(remembered.TryFind(1, _timers, out _));
        Assert.Equal(0, remembered.CountAt(_timers.Now));
    }

    [Fact]
    public void Add_LongerThanADatagram_IsAbsorbedLater()
    {
        var remembered = new Remembered(1);
        remembered.Add(1, Remembrance.SendAgain, Never, new byte[65537], null);
        Assert.True(remembered.TryFind(1, _timers, out var found));
        Assert.True(found.Octets.IsEmpty);

        remembered.Add(2, Remembrance.SendAgain, Never, new byte[65536], null);
        Assert.True(remembered.TryFind(2, _timers, out found));
        Assert.Equal(65536, found.Octets.Length);
        Assert.False(remembered.TryFind(1, _timers, out _));
    }

    [Fact]
    public void Find_Zero_IsNobody() => Assert.False(new Remembered(8).TryFind(0, _timers, out _));

    private static ulong KeyOf(int i) => (ulong)i + 1;

    private static byte[] OctetsOf(int i, int length) => [.. Enumerable.Range(0, length).Select(at => (byte)((i * 31) + at))];
}
