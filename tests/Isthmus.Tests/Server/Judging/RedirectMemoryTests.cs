// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Judging;
using Isthmus.Sip;
using Isthmus.Testing;

namespace Isthmus.Tests.Server;

public sealed class RedirectMemoryTests
{
    private readonly SimulatedTime _time = new();

    [Fact]
    public void Of_AddedVersions_AllOfThem()
    {
        var memory = new RedirectMemory(_time);
        Assert.Equal(IpVersions.None, memory.Of("a"));
        memory.Add("a", IpVersion.V4);
        Assert.Equal(IpVersions.V4, memory.Of("a"));
        memory.Add("a", IpVersion.V6);
        Assert.Equal(IpVersions.Both, memory.Of("a"));
        Assert.Equal(IpVersions.None, memory.Of("b"));
    }

    [Fact]
    public void Of_AfterItsTime_Forgotten()
    {
        var memory = new RedirectMemory(_time, TimeSpan.FromMinutes(5), 10);
        memory.Add("a", IpVersion.V4);
        _time.Advance(TimeSpan.FromMinutes(4));
        memory.Add("b", IpVersion.V4);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(IpVersions.None, memory.Of("a"));
        Assert.Equal(IpVersions.V4, memory.Of("b"));
        Assert.Equal(1, memory.Count);
    }

    [Fact]
    public void Add_AtTheCap_TheOldestGoes()
    {
        var memory = new RedirectMemory(_time, TimeSpan.FromMinutes(5), 2);
        memory.Add("a", IpVersion.V4);
        memory.Add("b", IpVersion.V4);
        memory.Add("c", IpVersion.V4);
        Assert.Equal(2, memory.Count);
        Assert.Equal(IpVersions.None, memory.Of("a"));
    }
}
