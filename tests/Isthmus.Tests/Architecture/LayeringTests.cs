// SPDX-License-Identifier: Apache-2.0
using System.Xml.Linq;
using Isthmus.Testing;

namespace Isthmus.Tests.Architecture;

/// <summary>Who may know whom (docs/architecture.md), read from the project files and from the compiled assemblies.</summary>
public sealed class LayeringTests
{
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Isthmus.Sip"] = [],
        ["Isthmus.Media"] = [],
        ["Isthmus.Bodies"] = [],
        ["Isthmus.Sdp"] = ["Isthmus.Sip"],
        ["Isthmus.DualStack"] = ["Isthmus.Sip", "Isthmus.Sdp"],
        ["Isthmus.Sip.Stack"] = ["Isthmus.Sip"],
        ["Isthmus.Server"] = ["Isthmus.Sip", "Isthmus.Sdp", "Isthmus.DualStack", "Isthmus.Bodies", "Isthmus.Sip.Stack"],
        ["Isthmus.Phone"] = ["Isthmus.Sip", "Isthmus.Sdp", "Isthmus.DualStack", "Isthmus.Bodies", "Isthmus.Sip.Stack", "Isthmus.Media"],
        ["Isthmus.Figures"] =
            ["Isthmus.Sip", "Isthmus.Sdp", "Isthmus.DualStack", "Isthmus.Bodies", "Isthmus.Sip.Stack", "Isthmus.Media", "Isthmus.Server", "Isthmus.Phone"],
        ["Isthmus.Lab"] = ["Isthmus.Sip", "Isthmus.DualStack", "Isthmus.Bodies", "Isthmus.Media", "Isthmus.Phone", "Isthmus.Figures"],
    };

    private static readonly string[] PureProjects = ["Isthmus.Sip", "Isthmus.Sdp", "Isthmus.DualStack", "Isthmus.Bodies"];

    private static readonly string[] ImpureTypes =
    [
        "System.Net.Sockets.Socket", "System.Net.Sockets.UdpClient", "System.Net.Sockets.TcpClient", "System.Net.Sockets.TcpListener",
        "System.Net.Dns", "System.Threading.Thread", "System.Threading.ThreadPool", "System.Threading.Timer", "System.Threading.PeriodicTimer",
        "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Console", "System.IO.File",
        "Microsoft.Extensions.Logging.ILogger", "Microsoft.Extensions.Logging.ILoggerFactory",
    ];

    private static readonly string[] ImpureMembers =
    [
        "System.Threading.Tasks.Task.Run", "System.Threading.Tasks.TaskFactory.StartNew",
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Environment.get_TickCount", "System.Environment.get_TickCount64", "System.Environment.GetEnvironmentVariable",
    ];

    public static TheoryData<string> Projects => [.. Repository.SourceProjects];

    public static TheoryData<string> Pure => [.. PureProjects];

    [Fact]
    public void Room_OnDisk_IsInTheTable() => Assert.Empty(Repository.SourceProjects.Except(MayKnow.Keys));

    [Theory, MemberData(nameof(Projects))]
    public void Project_References_OnlyRoomsBelowIt(string project)
    {
        var references = ProjectReferences($"src/{project}/{project}.csproj");
        Assert.Empty(references.Except(MayKnow[project]));
    }

    [Theory, MemberData(nameof(Projects))]
    public void Assembly_References_OnlyRoomsBelowIt(string project)
    {
        var references = CompiledAssembly.Read(project).References.Where(name => name.StartsWith("Isthmus", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(references.Except(MayKnow[project]));
    }

    [Theory, MemberData(nameof(Pure))]
    public void PureAssembly_Uses_NoSocketClockThreadOrLogger(string project)
    {
        var assembly = CompiledAssembly.Read(project);
        Assert.Empty(assembly.UsedTypes.Intersect(ImpureTypes));
        Assert.Empty(assembly.UsedMembers.Intersect(ImpureMembers));
    }

    [Theory, MemberData(nameof(Pure))]
    public void PureProject_References_NoPackage(string project) => Assert.Empty(PackageReferences($"src/{project}/{project}.csproj"));

    [Fact]
    public void Sdp_Uses_OnlyIpVersionOfSip()
    {
        var used = CompiledAssembly.Read("Isthmus.Sdp").UsedTypes.Where(type => type.StartsWith("Isthmus.Sip.", StringComparison.Ordinal));
        Assert.All(used, type => Assert.StartsWith("Isthmus.Sip.IpVersion", type, StringComparison.Ordinal));
    }

    [Fact]
    public void Application_Wires_ServerAndPhoneAndIsKnownByNobody()
    {
        Assert.Empty(ProjectReferences("apps/isthmus/isthmus.csproj").Except(Repository.SourceProjects));
        Assert.All(Repository.Files("*.csproj", "src", "tests", "bench"), project => Assert.DoesNotContain("isthmus", ProjectReferences(project)));
    }

    [Theory, MemberData(nameof(Projects))]
    public void Assembly_Holds_NoMutableStaticState(string project) => Assert.Empty(CompiledAssembly.Read(project).MutableStaticFields);

    [Theory, MemberData(nameof(Projects))]
    public void Assembly_Takes_TimeFromTimeProviderOnly(string project)
    {
        string[] clocks =
        [
            .. ImpureMembers.Where(member => member.StartsWith("System.Date", StringComparison.Ordinal)),
            "System.Threading.Thread.Sleep", "System.Environment.get_TickCount", "System.Environment.get_TickCount64",
        ];
        string[] ofOurOwnProvider = project == "Isthmus.Sip.Stack" ? ["System.Environment.get_TickCount64"] : []; // CoarseTime
        Assert.Empty(CompiledAssembly.Read(project).UsedMembers.Intersect(clocks).Except(ofOurOwnProvider));
    }

    private static IEnumerable<string> ProjectReferences(string project) =>
        XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference")
            .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

    private static IEnumerable<string> PackageReferences(string project) =>
        XDocument.Parse(Repository.Read(project)).Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value);
}
