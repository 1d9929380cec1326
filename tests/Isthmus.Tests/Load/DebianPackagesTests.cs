// SPDX-License-Identifier: Apache-2.0
using Isthmus.Load;
using Isthmus.Tests.Server.Location;

namespace Isthmus.Tests.Load;

/// <summary>Installing from Debian, with a program in the place of apt-get that writes down how it was called.</summary>
public sealed class DebianPackagesTests : IDisposable, IProgress<string>
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    public DebianPackagesTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The program is a script of the shell.");

    void IProgress<string>.Report(string value) => _said.Add(value);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Install_AsRoot_RefreshesTheListsAndInstallsWithoutQuestionsAndServices()
    {
        Packages("").Install("kamailio", "kamailio-presence-modules");
        Assert.Equal(
            ["noninteractive 1 update --quiet=2", "noninteractive 1 install --yes --quiet=2 --no-install-recommends kamailio kamailio-presence-modules"],
            Calls);
        Assert.Equal(["apt-get install kamailio kamailio-presence-modules"], _said);
    }

    [Fact]
    public void Install_NotAsRoot_SaysWhatToDoAndCallsNothing()
    {
        var fault = Assert.Throws<LoadException>(() => Packages("", isRoot: false).Install("kamailio", "knot"));
        Assert.Equal("kamailio knot is not installed, and only root may do that: apt-get install kamailio knot", fault.Message);
        Assert.Empty(Calls);
        Assert.Empty(_said);
    }

    [Theory]
    [InlineData("update")]
    [InlineData("install")]
    public void Install_WhatFails_SaysWhichStepAndWhatIsNeeded(string step)
    {
        var fault = Assert.Throws<LoadException>(() => Packages($"[ $1 != {step} ] || exit 100").Install("kamailio"));
        Assert.Equal($"apt-get {step} ended with 100, see above; needed: kamailio", fault.Message);
        Assert.Equal(step == "update" ? 1 : 2, Calls.Length);
    }

    [Fact]
    public void Install_ThatTakesTooLong_IsGivenUp()
    {
        var packages = new DebianPackages { AptGet = Script("sleep 60"), IsRoot = true, Progress = this, LongestTime = TimeSpan.FromMilliseconds(1) };
        var fault = Assert.Throws<LoadException>(() => packages.Install("kamailio"));
        Assert.Equal("apt-get did not end within 0 minutes; try by hand: apt-get install kamailio", fault.Message);
    }

    [Fact]
    public void Install_ElsewhereThanOnDebian_SaysSo()
    {
        var fault = Assert.Throws<LoadException>(() => new DebianPackages { AptGet = _folder["nothing"], IsRoot = true, Progress = this }.Install("kamailio"));
        Assert.Equal("kamailio is not installed, and there is no apt-get", fault.Message);
    }

    private string[] Calls => File.Exists(_folder["calls"]) ? File.ReadAllLines(_folder["calls"]) : [];

    private DebianPackages Packages(string then, bool isRoot = true) =>
        new() { AptGet = Script($"echo \"$DEBIAN_FRONTEND $RUNLEVEL $*\" >> '{_folder["calls"]}'\n{then}"), IsRoot = isRoot, Progress = this };

    private string Script(string text)
    {
        File.WriteAllText(_folder["apt"], $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(_folder["apt"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return _folder["apt"];
    }
}
