// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import AccessControl
import ConsolePages
import ControlPlane
import Foundation
import Hummingbird

extension PageRequest {
    /// What the shell of every page shows.
    /// - Parameter command: the command line that gives the same answer.
    func pageContext(command: String? = nil, notices: [PageContext.Notice] = []) async -> PageContext {
        var environments: [PageContext.Environment] = []
        var connection = PageContext.Connection.none
        for each in console.environments.visible(to: access) {
            let status = await each.service.status(access.view(of: each.name))
            environments.append(PageContext.Environment(each, status))
            if each.name == environment?.name { connection = PageContext.Connection(status) }
        }
        var context = context.plainPage(console, MovedFilter.location(location))
        context.environments = environments
        context.environmentName = environment?.name
        context.command = command
        context.connection = connection
        context.notices += notices
        return context
    }
}

extension ConsoleContext {
    /// The context of a page that needs nothing of any environment: sign-in, errors.
    func plainPage(_ console: ConsoleApplication, _ location: Link) -> PageContext {
        PageContext(
            viewer: principal.map { PageContext.Viewer(name: $0.name, access: $0.access) },
            location: location,
            theme: theme,
            csrfToken: session?.csrf ?? "",
            zone: zone,
            now: Timestamp(microseconds: console.now()),
            version: console.version,
            hasShortcuts: preferences[CookieNames.shortcuts] != "off"
        )
    }

    private var theme: PageContext.Theme { preferences[CookieNames.theme].flatMap(PageContext.Theme.init) ?? .system }

    private var zone: TimeZoneChoice {
        preferences[CookieNames.zone].flatMap { TimeZone(identifier: $0) }.map {
            TimeZoneChoice(name: $0.identifier, seconds: $0.secondsFromGMT())
        } ?? .utc
    }
}

extension PageContext.Environment {
    init(_ environment: ConsoleEnvironment, _ status: StatusReport) {
        let trouble: String?
        if !status.enforcement.inSync {
            trouble = "policies are not in force"
        } else if !status.policies.brokenFiles.isEmpty {
            trouble = "\(status.policies.brokenFiles.count) broken policy files"
        } else {
            trouble = nil
        }
        let kind: Kind =
            switch environment.kind {
            case .host: .host
            case .sandbox: .sandbox
            case .recorded: .recorded
            }
        self.init(
            name: environment.name,
            kind: kind,
            mode: status.mode.mode,
            isObserved: status.mode.observed,
            trouble: trouble
        )
    }
}

extension PageContext.Connection {
    init(_ status: StatusReport) {
        if status.environmentKind == .recorded {
            self = .none
        } else if !status.flows.storeMessages.isEmpty {
            self = .degraded("Flows are not stored")
        } else {
            self = .receiving(flowsPerSecond: status.flows.flowsPerSecond)
        }
    }
}
